// Package app makes the parts from the settings: it reads the configuration,
// and from it makes clients, a store, channels and the Runner over them. It is
// the only package that imports everything, and it holds the tables in which a
// channel or a store is one row.
package app
