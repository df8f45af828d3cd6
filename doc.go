// Package prowatch is the map of the house; it holds no code.
//
// prowatch watches the licence of the Tencent Container Security Service
// (TCSS) Pro Edition. On a schedule it asks the API action
// DescribeProVersionInfo, compares the answer with what it remembers, and
// tells people in their chat when BuyStatus changes or the expiry nears.
//
// The data goes through the packages in this order:
//
//   - events: what woke the function, as a tick, a request or a direct call
//   - handlers: a tick becomes a run, a request is answered by handlers/httpapi
//   - watch: the core, which asks, compares, remembers and tells; it declares
//     the small interfaces Source, Store, Notifier and Queue
//   - tcss: the API client, a Source; credentials: where its keys come from;
//     secrets: what references to secrets managers stand for
//   - store/…: where the records are kept, each folder a Store
//   - notify/…: where people are told, each folder a Notifier
//   - fanout/…: how many accounts are handed to workers, each folder a Queue
//   - web: the page that people open, with a badge and a calendar
//
// app assembles the parts from config; function/lambda, function/scf and
// cmd/prowatch are the mains. Beside the way of the data stand emulator, the
// API on one's own machine, and scenario, the executable examples of the rules.
package prowatch
