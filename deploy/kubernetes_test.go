package deploy_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"prowatch/app"
)

// load assembles an app, without its store, of a configuration whose references
// are to files of this folder.
func load(t *testing.T, config, secrets string) {
	t.Helper()
	a, err := app.New(t.Context(), app.Options{
		LookupEnv: func(name string) (string, bool) { return config, name == "PROWATCH_CONFIG" },
		ReadFile: func(name string) ([]byte, error) {
			secret, ok := strings.CutPrefix(name, secrets)
			if !ok {
				return nil, fs.ErrNotExist
			}
			if secret == "wecom_url" {
				return []byte("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k\n"), nil
			}
			return []byte(secret + "\n"), nil
		},
		Stdout: io.Discard, Use: app.None,
	})
	if err != nil {
		t.Errorf("%v in\n%s", err, config)
	} else if len(a.Settings.Warnings) > 0 {
		t.Errorf("%v of\n%s", a.Settings.Warnings, config)
	}
}

// object is as much of a manifest as the test looks at.
type object struct {
	Kind     string
	Metadata struct{ Name string }
	Data     map[string]string
	Spec     struct {
		Replicas int
		Template struct {
			Metadata struct{ Labels map[string]string }
			Spec     struct {
				SecurityContext struct {
					RunAsUser int `yaml:"runAsUser"`
				} `yaml:"securityContext"`
				Containers []struct {
					Args  []string
					Ports []struct {
						ContainerPort int `yaml:"containerPort"`
					}
					ReadinessProbe struct {
						HTTPGet struct{ Path, Port string } `yaml:"httpGet"`
					} `yaml:"readinessProbe"`
					VolumeMounts []struct {
						Name      string
						MountPath string `yaml:"mountPath"`
					} `yaml:"volumeMounts"`
				}
				Volumes []struct{ Name string }
			}
		}
		Selector map[string]any
	}
}

func TestTheManifestsFitTheContainer(t *testing.T) {
	f, err := os.Open("kubernetes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	kinds := map[string]object{}
	for d := yaml.NewDecoder(f); ; {
		var o object
		if err := d.DecodeContext(context.Background(), &o); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		kinds[o.Kind] = o
	}
	load(t, kinds["ConfigMap"].Data["prowatch.yaml"], "/secrets/")
	pod := kinds["Deployment"].Spec.Template.Spec
	c := pod.Containers[0]
	if pod.SecurityContext.RunAsUser != 65532 || c.Ports[0].ContainerPort != 8080 || c.ReadinessProbe.HTTPGet.Path != "/healthz" || strings.Join(c.Args, " ") != "serve" {
		t.Errorf("the pod is %+v", pod)
	}
	var mounts []string
	for i, m := range c.VolumeMounts {
		mounts = append(mounts, m.MountPath)
		if m.Name != pod.Volumes[i].Name {
			t.Errorf("the mount %s is of no volume", m.Name)
		}
	}
	if got := strings.Join(mounts, " "); got != "/etc/prowatch /secrets /state" {
		t.Errorf("mounted are %s", got)
	}
	if app := kinds["Deployment"].Spec.Template.Metadata.Labels["app"]; kinds["Service"].Spec.Selector["app"] != app {
		t.Errorf("the service selects %v, the pod is %s", kinds["Service"].Spec.Selector, app)
	}
}

// TestTheGuidesConfigurationsLoad assembles an app from each whole YAML of the
// guide.
func TestTheGuidesConfigurationsLoad(t *testing.T) {
	blocks := regexp.MustCompile("(?ms)^```yaml\n(accounts:.*?)^```$").FindAllStringSubmatch(read(t, "../docs/deploy-machine.md"), -1)
	if len(blocks) < 2 {
		t.Errorf("the guide has %d configurations", len(blocks))
	}
	for _, b := range blocks {
		dir := regexp.MustCompile(`file:(/(?:etc|run)/[^}]*/)\w+}`).FindStringSubmatch(b[1])
		if dir == nil {
			t.Errorf("it refers to no secret:\n%s", b[1])
			continue
		}
		load(t, b[1], dir[1])
	}
}
