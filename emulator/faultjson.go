package emulator

import (
	"fmt"
	"time"
)

// faultJSON is a fault as the admin API says it.
type faultJSON struct {
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	HTTP    int    `json:"http,omitempty"`
	Body    string `json:"body,omitempty"`
	Delay   string `json:"delay,omitempty"`
	Drop    bool   `json:"drop,omitempty"`
	Cut     bool   `json:"cut,omitempty"`
	Pass    bool   `json:"pass,omitempty"`

	Action string  `json:"action,omitempty"`
	Nth    int     `json:"nth,omitempty"`
	Chance float64 `json:"chance,omitempty"`
	Seed   uint64  `json:"seed,omitempty"`
	Times  *int    `json:"times,omitempty"`
}

// MarshalJSON writes the form of the admin API: delay as "2s", and times with
// 0 for ever and left out for once.
func (f Fault) MarshalJSON() ([]byte, error) {
	j := faultJSON{
		Code: f.Code, Message: f.Message, HTTP: f.HTTP, Body: f.Body, Drop: f.Drop, Cut: f.Cut, Pass: f.Pass,
		Action: f.Action, Nth: f.Nth, Chance: f.Chance, Seed: f.Seed,
	}
	if f.Delay > 0 {
		j.Delay = f.Delay.String()
	}
	if f.Times != 0 {
		n := max(f.Times, 0)
		j.Times = &n
	}
	return encode(j), nil
}

// UnmarshalJSON reads the form of the admin API and refuses unknown keys.
func (f *Fault) UnmarshalJSON(b []byte) error {
	j, err := decode[faultJSON](b)
	if err != nil {
		return err
	}
	*f = Fault{
		Code: j.Code, Message: j.Message, HTTP: j.HTTP, Body: j.Body, Drop: j.Drop, Cut: j.Cut, Pass: j.Pass,
		Action: j.Action, Nth: j.Nth, Chance: j.Chance, Seed: j.Seed,
	}
	if j.Delay != "" {
		delay, err := time.ParseDuration(j.Delay)
		if err != nil {
			return fmt.Errorf("delay %q is no duration such as 2s or 300ms", j.Delay)
		}
		f.Delay = delay
	}
	if j.Times != nil {
		f.Times = *j.Times
		switch {
		case *j.Times < 0:
			return fmt.Errorf("times %d is negative; 0 means for ever", *j.Times)
		case *j.Times == 0:
			f.Times = Forever
		}
	}
	return nil
}
