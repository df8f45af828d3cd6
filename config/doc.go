// Package config reads prowatch.yaml, or the environment alone, into
// [Settings].
//
// [Find] looks where a configuration may be and reads it; [Load] reads one that
// is at hand. Secret references are expanded after parsing, everything is
// checked, and all that is wrong is told at once, each in one line with its
// place and its mend (package strict). No error, and no printed Settings,
// holds a secret.
//
// The package touches no file, variable or service itself: they come in with
// [Options]. It knows no channel either. Each channel declares its settings as
// a struct in its own folder, and they are checked here by that struct's tags.
// What is left to the parts themselves is whether an endpoint, a channel's URL
// or a state can be used.
package config
