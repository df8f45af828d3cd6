package notify

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"prowatch/config/strict"
)

// labelPrefix begins the placeholder of a label: {label.team}.
const labelPrefix = "label."

// missing stands for a value that a notice does not have.
const missing = "–"

// A phrase is a sentence of the owner's with places for values.
type phrase []piece

// A piece is a text, or the name of the value that stands in its place.
type piece struct{ text, name string }

// parsePhrase reads a sentence in which {name} stands for a value and {{ for a
// brace. Its error says at which character what is wrong, from 1.
func parsePhrase(sentence string) (phrase, error) {
	var p phrase
	for rest := sentence; rest != ""; {
		text, after, open := strings.Cut(rest, "{")
		if text != "" {
			p = append(p, piece{text: text})
		}
		if !open {
			break
		}
		if literal, ok := strings.CutPrefix(after, "{"); ok {
			p, rest = append(p, piece{text: "{"}), literal
			continue
		}
		at := utf8.RuneCountInString(sentence[:len(sentence)-len(after)])
		name, tail, closed := strings.Cut(after, "}")
		if !closed || strings.ContainsAny(name, "{\n") {
			return nil, fmt.Errorf("character %d: { has no }: close it, or write {{ for a brace", at)
		}
		if err := checkPlaceholder(name); err != nil {
			return nil, fmt.Errorf("character %d: %w", at, err)
		}
		p, rest = append(p, piece{name: name}), tail
	}
	return p, nil
}

func checkPlaceholder(name string) error {
	label, isLabel := strings.CutPrefix(name, labelPrefix)
	if isLabel && label != "" || templateValues[name] != nil {
		return nil
	}
	if isLabel {
		return fmt.Errorf("{%s} names no label: write {label.team}", name)
	}
	return fmt.Errorf("{%s} is no placeholder%s; write {{ for a brace", Clip(OneLine(name), maxName), strict.Meant(name, TemplateValues()))
}

// names reports whether the phrase has a place for the value.
func (p phrase) names(value string) bool {
	return slices.ContainsFunc(p, func(part piece) bool { return part.name == value })
}

// fill puts the values in, each once and cut to most bytes.
func (p phrase) fill(w *writer, most int) string {
	var b strings.Builder
	for _, part := range p {
		b.WriteString(part.text)
		if part.name != "" {
			b.WriteString(Clip(w.placed(part.name), most))
		}
	}
	return b.String()
}

// placed returns the value of a placeholder, on one line.
func (w *writer) placed(name string) string {
	var value string
	if label, ok := strings.CutPrefix(name, labelPrefix); ok {
		value = w.n.Labels[label]
	} else {
		value = templateValues[name](w)
	}
	if value = OneLine(value); value == "" {
		return missing
	}
	return value
}

// TemplateValues returns the names that a template may use, sorted, without
// those of the labels.
func TemplateValues() []string { return slices.Sorted(maps.Keys(templateValues)) }
