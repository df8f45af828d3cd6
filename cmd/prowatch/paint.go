package main

import (
	"regexp"
	"strings"
)

// ANSI styles (ECMA-48).
const (
	bold   = "\x1b[1m"
	dim    = "\x1b[2m"
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
	reset  = "\x1b[0m"
)

// paint styles s where the output shows it.
func (p *process) paint(style, s string) string {
	if style == "" || s == "" || !p.color() {
		return s
	}
	return style + s + reset
}

var (
	fontTag  = regexp.MustCompile(`<font color="(\w+)">(.*?)</font>`)
	strong   = regexp.MustCompile(`\*\*(.+?)\*\*`)
	linkMark = regexp.MustCompile(`\[([^\]]*)\]\(([^)]*)\)`)
)

// fonts are WeCom's three colours.
var fonts = map[string]string{"info": green, "warning": red, "comment": dim}

// markdown shows a line of a chat's markdown on a terminal.
func (p *process) markdown(line string) string {
	line = strings.TrimPrefix(strings.TrimLeft(line, "#"), " ")
	line = strings.TrimPrefix(line, "> ")
	line = linkMark.ReplaceAllString(line, "$1: $2")
	line = strong.ReplaceAllStringFunc(line, func(s string) string { return p.paint(bold, strong.FindStringSubmatch(s)[1]) })
	return fontTag.ReplaceAllStringFunc(line, func(s string) string {
		m := fontTag.FindStringSubmatch(s)
		return p.paint(fonts[m[1]], m[2])
	})
}
