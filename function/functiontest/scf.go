package functiontest

import (
	"encoding/json"
	"net"
	"net/rpc"
	"strconv"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/cloudfunction/messages"
)

// TimeLimit is what an invocation by [SCF] says of the function.
const TimeLimit = 15 * time.Minute

// SCF is SCF's side of the talk, which is net/rpc, with one process.
type SCF struct {
	process *Process
	client  *rpc.Client
}

// StartSCF starts the function as SCF does.
func StartSCF(t *testing.T, env ...string) *SCF {
	t.Helper()
	return startSCF(t, func(port string) *Process { return Start(t, append(env, port)...) })
}

// StartSCFFile does so with the function at path, as [StartFile] starts it.
func StartSCFFile(t *testing.T, path string, env ...string) *SCF {
	t.Helper()
	return startSCF(t, func(port string) *Process { return StartFile(t, path, append(env, port)...) })
}

func startSCF(t *testing.T, start func(port string) *Process) *SCF {
	t.Helper()
	port := strconv.Itoa(freePort(t))
	s := &SCF{process: start("_LAMBDA_SERVER_PORT=" + port)}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		client, err := rpc.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			t.Cleanup(func() { client.Close() })
			s.client = client
			return s
		}
	}
	t.Fatal("the function does not listen")
	return nil
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// Process returns the function's process.
func (s *SCF) Process() *Process { return s.process }

// Invoke hands the invocation to the process and waits for its answer.
func (s *SCF) Invoke(t *testing.T, in Invocation) Answer {
	t.Helper()
	var reply messages.InvokeResponse
	call := s.client.Go("Function.Invoke", request(t, in), &reply, nil)
	select {
	case <-call.Done:
	case <-time.After(patience):
		t.Fatal("the function gave no answer")
	}
	if call.Error != nil {
		t.Fatal(call.Error)
	}
	a := Answer{Payload: string(reply.Payload)}
	if e := reply.Error; e != nil {
		a.ErrorType, a.ErrorMessage = e.Type, e.Message
	}
	return a
}

func request(t *testing.T, in Invocation) *messages.InvokeRequest {
	t.Helper()
	req := &messages.InvokeRequest{
		Payload:       []byte(in.Event),
		RequestId:     in.RequestID,
		TimeLimitInMs: int32(TimeLimit.Milliseconds()),
	}
	if !in.Deadline.IsZero() {
		req.Deadline = messages.InvokeRequest_Timestamp{Seconds: in.Deadline.Unix(), Nanos: int64(in.Deadline.Nanosecond())}
	}
	if in.Env != nil {
		env, err := json.Marshal(in.Env)
		if err != nil {
			t.Fatal(err)
		}
		req.Environment = string(env)
	}
	return req
}
