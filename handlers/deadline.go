package handlers

import (
	"context"
	"time"
)

// answerReserve is how much of the platform's time is left when work has to
// end, so that the answer leaves before the platform kills the function; of a
// short time it is a tenth. Encoding and handing over the largest answer takes
// less than 100 ms.
const answerReserve = 500 * time.Millisecond

// withReserve returns ctx with an earlier deadline, or as it is if it has none.
func withReserve(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(answerReserve, time.Until(deadline)/10)))
}
