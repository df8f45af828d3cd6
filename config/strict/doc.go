// Package strict reads YAML into Go structs and forgives nothing: an unknown or
// repeated key, a wrong type and a bad value are each one line with file, line
// and column, what is wrong and how to mend it, and all of them are told at
// once.
//
// A [Decoder] parses a document into [Node] values, which keep their positions,
// and decodes those by reflection. No line quotes a value that a secret
// reference stood for, and none quotes a piece of the document: the parser's
// own errors do, so they are not passed on.
package strict
