package tcss_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"prowatch/tcss"
	"prowatch/watch"
)

func ExampleClient_Read() {
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"Response":{"Error":{"Code":"AuthFailure.SignatureExpire",`+
			`"Message":"The signature is expired, please request again."},"RequestId":"53c1"}}`)
	}))
	defer api.Close()

	c, err := tcss.New(tcss.Options{
		Credentials: tcss.Static(tcss.Credentials{SecretID: "AKIDexample", SecretKey: "example"}),
		Endpoint:    api.URL, // leave it out for the API itself
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	reading, err := c.Read(context.Background())
	var f *watch.Failure
	if errors.As(err, &f) {
		fmt.Println(f)
		fmt.Println(tcss.Mend(f))
		return
	}
	fmt.Println(reading.Status, reading.EndTime)
	// Output:
	// denied: AuthFailure.SignatureExpire: The signature is expired, please request again.
	// Set the clock of this machine: it is more than 5 minutes away from the API's.
}
