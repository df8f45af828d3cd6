// Package fanout is where the queues are that hand accounts to workers, a folder
// each. It holds what is tested of all of them: whole fleets, with workers that
// die.
package fanout
