package prowatch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// imports says which of the house's packages each package may import; a row
// ends the search, and its globs are those of path.Match. An arrow that is not
// here points up, or goes round.
var imports = []struct {
	pkg string
	may []string
}{
	{"watch", nil},
	{"events", nil},
	{"emulator", nil},
	{"handlers", []string{"events", "watch", "web"}},
	{"handlers/httpapi", []string{"handlers", "watch", "web"}},
	{"web", []string{"watch"}},
	{"tcss", []string{"watch"}},
	{"credentials", []string{"tcss", "watch"}},
	{"tcss/sourcetest", []string{"watch"}},
	{"secrets", nil},
	{"secrets/aws", []string{"secrets", "store/awsclient"}},
	{"secrets/tencent", []string{"secrets", "tcss", "watch"}},
	{"store/storetest", []string{"watch"}},
	{"store/storetest/*", []string{"watch", "store/storetest"}},
	{"store/awsclient", nil},
	{"store/remote", []string{"config/strict"}},
	{"store/*", []string{"watch", "store/awsclient", "store/remote"}},
	{"notify", []string{"watch", "config/strict"}},
	{"notify/sink", []string{"watch", "notify"}},
	{"notify/notifytest", []string{"watch", "notify", "notify/sink"}},
	{"notify/*", []string{"watch", "notify"}},
	{"config", []string{"watch", "config/strict"}},
	{"config/strict", nil},
	{"scenario", []string{"watch", "config", "config/strict"}},
	{"heartbeat", []string{"watch", "notify"}},
	{"metrics", []string{"watch"}},
	{"metrics/metricstest", []string{"watch", "metrics"}},
	{"metrics/prom", []string{"metrics"}},
	{"app", []string{"watch", "heartbeat", "metrics", "config", "handlers", "tcss", "notify", "notify/*", "store/*", "handlers/httpapi", "credentials"}},
	{"function/*", []string{"app", "handlers", "store/*", "watch", "secrets/*", "fanout/*"}},
	{"cmd/prowatch", []string{"app", "config", "emulator", "events", "handlers", "notify", "notify/sink", "scenario", "store/*", "tcss", "watch", "metrics", "metrics/prom", "secrets/*", "serve", "fanout/*"}},
	{"build", nil},
	{"serve", []string{"handlers", "watch"}},
	{"web", []string{"watch"}},
	{"web/webtest", []string{"watch", "web"}},
	{"fanout", nil},
	{"fanout/scf/scftest", nil},
	{"fanout/*", []string{"watch", "store/awsclient"}},
	{"bench", nil},
	{"bench/*", nil},
}

// owners says who alone may import a module.
var owners = map[string][]string{
	"github.com/aws/aws-lambda-go":                {"function/lambda", "bench/hello"},
	"github.com/tencentyun/scf-go-lib":            {"function/scf", "function/functiontest"},
	"github.com/tencentcloud/tencentcloud-sdk-go": {"tcss", "fanout/scf"},
	"github.com/prometheus/client_golang":         {"metrics/prom"},
	"github.com/goccy/go-yaml":                    {"config/strict"},
}

// mainsOnly are what belongs into mains: the process is theirs.
var mainsOnly = map[string][]string{
	"os":      {"Exit", "Getenv", "LookupEnv", "Environ", "Stdout", "Stderr", "Stdin"},
	"log":     {"Fatal", "Fatalf", "Fatalln", "Print", "Printf", "Println"},
	"context": {"Background", "TODO"},
}

func TestNoArrowPointsUp(t *testing.T) {
	eachFile(t, func(pkg string, file *ast.File, fset *token.FileSet) {
		for _, spec := range file.Imports {
			imp, _ := strconv.Unquote(spec.Path.Value)
			at := fset.Position(spec.Pos())
			if own, ok := strings.CutPrefix(imp, "prowatch/"); ok && !mayImport(t, pkg, own) {
				t.Errorf("%s: %s imports %s", at, pkg, own)
			}
			if pkg == "watch" && strings.Contains(strings.Split(imp, "/")[0], ".") {
				t.Errorf("%s: watch imports %s; it uses the standard library only", at, imp)
			}
			for module, who := range owners {
				if strings.HasPrefix(imp, module) && !slices.Contains(who, pkg) {
					t.Errorf("%s: %s imports %s, which is for %v", at, pkg, imp, who)
				}
			}
		}
	})
}

func TestTheProcessBelongsToMains(t *testing.T) {
	eachFile(t, func(pkg string, file *ast.File, fset *token.FileSet) {
		if file.Name.Name == "main" {
			return
		}
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && slices.Contains(mainsOnly[x.Name], sel.Sel.Name) {
				t.Errorf("%s: %s.%s outside a main", fset.Position(sel.Pos()), x.Name, sel.Sel.Name)
			}
			return true
		})
	})
}

func mayImport(t *testing.T, pkg, imp string) bool {
	t.Helper()
	for _, row := range imports {
		if ok, _ := path.Match(row.pkg, pkg); ok {
			return slices.ContainsFunc(row.may, func(g string) bool { ok, _ := path.Match(g, imp); return ok })
		}
	}
	t.Errorf("the package %s has no row in the table of imports", pkg)
	return true
}

// eachFile visits the house's files that are no tests.
func eachFile(t *testing.T, visit func(pkg string, file *ast.File, fset *token.FileSet)) {
	t.Helper()
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules") {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || filepath.Dir(name) == "." {
			return nil
		}
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		if err == nil {
			visit(filepath.ToSlash(filepath.Dir(name)), file, fset)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
