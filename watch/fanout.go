package watch

// Fanout is how a run over all accounts is handed to workers.
type Fanout struct {}
