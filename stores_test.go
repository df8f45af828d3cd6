package prowatch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mains are where the tables of stores are.
var mains = []string{"cmd/prowatch", "function/lambda", "function/scf"}

// trials are what the tests of a store must call.
var trials = []string{"storetest.Run", "crowd.Run"}

// TestAStoreIsListedOnlyIfItIsTried finds the folder of each row of the mains'
// tables, and wants its tests to run the suite and the crowd.
func TestAStoreIsListedOnlyIfItIsTried(t *testing.T) {
	for _, main := range mains {
		rows := storeRows(t, main)
		if len(rows) < 2 {
			t.Errorf("%s: found %d rows: has the table another form?", main, len(rows))
		}
		for scheme, folder := range rows {
			calls := callsOfTests(t, folder)
			for _, trial := range trials {
				if !calls[trial] {
					t.Errorf("%s lists %s:, and no test of %s calls %s", main, scheme, folder, trial)
				}
			}
		}
	}
}

// TestEveryStoreIsListed finds a folder that has a store and no row in the table
// of the command line, which links all; memory is for tests and the demo.
func TestEveryStoreIsListed(t *testing.T) {
	listed := slices.Collect(maps.Values(storeRows(t, "cmd/prowatch")))
	sources, err := filepath.Glob("store/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range sources {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") || !strings.Contains(string(text), "\nvar _ watch.Store = (*Store)(nil)") {
			continue
		}
		found++
		if folder := filepath.ToSlash(filepath.Dir(name)); folder != "store/memory" && !slices.Contains(listed, folder) {
			t.Errorf("%s has no row in the table of cmd/prowatch", folder)
		}
	}
	if found < 7 {
		t.Errorf("found %d stores: has the line that says so another form?", found)
	}
}

// storeRows returns the rows of a main's table: the schemes, and the folders of
// the packages that open them.
func storeRows(t *testing.T, main string) map[string]string {
	t.Helper()
	rows := map[string]string{}
	for _, file := range parseFolder(t, main, false) {
		imported := importsOf(file)
		ast.Inspect(file, func(n ast.Node) bool {
			table, ok := n.(*ast.CompositeLit)
			if !ok || calledAs(table.Type) != "app.Stores" {
				return true
			}
			for _, row := range table.Elts {
				kv := row.(*ast.KeyValueExpr)
				scheme, _ := strconv.Unquote(kv.Key.(*ast.BasicLit).Value)
				rows[scheme] = opener(kv.Value, imported)
			}
			return false
		})
	}
	return rows
}

// opener returns the folder of the package whose Open a row calls. app.File opens
// that of files.
func opener(row ast.Expr, imported map[string]string) (folder string) {
	if calledAs(row) == "app.File" {
		return "store/file"
	}
	ast.Inspect(row, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if pkg, ok := strings.CutSuffix(calledAs(call.Fun), ".Open"); ok {
				folder = strings.TrimPrefix(imported[pkg], "prowatch/")
			}
		}
		return true
	})
	return folder
}

// callsOfTests returns what the tests of a package call, as "package.Function".
func callsOfTests(t *testing.T, folder string) map[string]bool {
	t.Helper()
	calls := map[string]bool{}
	for _, file := range parseFolder(t, folder, true) {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				calls[calledAs(call.Fun)] = true
			}
			return true
		})
	}
	return calls
}

func parseFolder(t *testing.T, folder string, tests bool) (files []*ast.File) {
	t.Helper()
	names, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") != tests {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

func importsOf(file *ast.File) map[string]string {
	imported := map[string]string{}
	for _, spec := range file.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		name := path.Base(p)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imported[name] = p
	}
	return imported
}

// calledAs returns a selector as it is written, "" for anything else.
func calledAs(e ast.Expr) string {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return x.Name + "." + sel.Sel.Name
}
