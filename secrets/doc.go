// Package secrets has what the resolvers of secret references have in common:
// the form of a reference and the memory of what was asked. Each service is a
// folder below.
package secrets
