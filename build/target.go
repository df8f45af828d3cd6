package main

import (
	"fmt"
	"slices"
	"strings"
)

// A target is a cloud's runtime.
type target struct {
	name   string
	pkg    string
	binary string   // what the runtime starts, in the root of the zip
	arches []string // the default first
	tags   string
}

var targets = map[string]target{
	// https://docs.aws.amazon.com/lambda/latest/dg/golang-package.html. The tag
	// leaves out the protocol of the retired runtime go1.x.
	"lambda": {name: "lambda", pkg: "prowatch/function/lambda", binary: "bootstrap", arches: []string{"arm64", "amd64"}, tags: "lambda.norpc"},
	// https://www.tencentcloud.com/document/product/583/18032
	"scf": {name: "scf", pkg: "prowatch/function/scf", binary: "main", arches: []string{"amd64"}},
}

func (t target) checkArch(arch string) error {
	switch {
	case slices.Contains(t.arches, arch):
		return nil
	case t.name == "scf":
		return fmt.Errorf("--arch %s: SCF's runtime Go1 is amd64 only, leave the flag out", arch)
	}
	return fmt.Errorf("--arch %s: Lambda has %s", arch, strings.Join(t.arches, " and "))
}
