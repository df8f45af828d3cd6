package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// draft is a request before it is signed.
type draft struct {
	method   string // GET or POST
	signWith string // TC3-HMAC-SHA256, HmacSHA1 or HmacSHA256
	host     string // of the Host header
	id, key  string
	token    string

	service, version, action string
	region, language         string
	arguments                arguments
	at                       time.Time
	nonce                    uint64 // older signatures only
}

// signed is a request that is ready to be sent, with the steps to it.
type signed struct {
	method, target string
	header         []param // in the order they are shown
	body           string

	canonical, toSign, signature string
	derivation                   []derivation // TC3 only
}

// sign builds and signs the request as an SDK does. With another host than
// that of the request, or another key, it is signed wrong.
func (d draft) sign() (signed, error) {
	switch {
	case d.method != http.MethodGet && d.method != http.MethodPost:
		return signed{}, fmt.Errorf("%w: the method is GET or POST, not %q", ErrInvalid, d.method)
	case d.signWith == methodTC3:
		return d.signTC3(), nil
	case methodsV1[d.signWith] != nil:
		return d.signV1(), nil
	}
	return signed{}, fmt.Errorf("%w: there is no signature method %q", ErrInvalid, d.signWith)
}

// signTC3 puts the parameters into the query of a GET, or the body of a POST.
func (d draft) signTC3() signed {
	s := signed{method: d.method, target: "/"}
	r := recipeTC3{method: d.method, path: "/", service: d.service, key: d.key}
	media := "application/json"
	if d.method == http.MethodGet {
		media, r.query = formType, escapePairs(d.arguments.flat())
		if r.query != "" {
			s.target += "?" + r.query
		}
	} else {
		s.body = d.arguments.object()
	}
	r.payload = hexHash([]byte(s.body))
	r.headers = []param{{"content-type", media}, {"host", d.host}}
	r.timestamp, r.date = strconv.FormatInt(d.at.Unix(), 10), d.at.UTC().Format(time.DateOnly)

	s.canonical = r.canonicalRequest()
	s.toSign = r.stringToSign(s.canonical)
	s.derivation = r.derive()
	s.signature = r.signature(r.signingKey(), s.toSign)
	s.header = present(
		param{"Content-Type", media}, param{"X-TC-Action", d.action}, param{"X-TC-Version", d.version},
		param{"X-TC-Timestamp", r.timestamp}, param{"X-TC-Region", d.region},
		param{"X-TC-Language", d.language}, param{"X-TC-Token", d.token},
		param{"Authorization", fmt.Sprintf("%s Credential=%s/%s, SignedHeaders=content-type;host, Signature=%s",
			methodTC3, d.id, r.scope(), s.signature)})
	return s
}

// signV1 puts everything into the query of a GET, or the form of a POST.
func (d draft) signV1() signed {
	pairs := append(present(
		param{"Action", d.action}, param{"Version", d.version}, param{"Timestamp", strconv.FormatInt(d.at.Unix(), 10)},
		param{"Nonce", strconv.FormatUint(d.nonce, 10)}, param{"SecretId", d.id}, param{"Region", d.region},
		param{"Language", d.language}, param{"Token", d.token}, param{"SignatureMethod", d.signWith},
	), d.arguments.flat()...)
	slices.SortFunc(pairs, func(a, b param) int { return strings.Compare(a.key, b.key) })
	r := recipeV1{method: d.method, host: d.host, path: "/", pairs: pairs, hash: d.signWith, key: d.key}
	s := signed{method: d.method, target: "/", toSign: r.stringToSign()}
	s.signature = r.signature(s.toSign)
	all := escapePairs(append(pairs, param{"Signature", s.signature}))
	if d.method == http.MethodGet {
		s.target += "?" + all
	} else {
		s.body = all
		s.header = []param{{"Content-Type", formType}}
	}
	return s
}

// present leaves out what is empty.
func present(ps ...param) []param {
	return slices.DeleteFunc(ps, func(p param) bool { return p.value == "" })
}

func escapePairs(pairs []param) string {
	texts := make([]string, len(pairs))
	for i, p := range pairs {
		texts[i] = url.QueryEscape(p.key) + "=" + url.QueryEscape(p.value)
	}
	return strings.Join(texts, "&")
}

// object is the arguments as a JSON object.
func (a arguments) object() string {
	if len(a) == 0 {
		return "{}"
	}
	return string(encode(map[string]any(a)))
}

// flat is the arguments as a form has them: structures by dotted names, such
// as Tags.0.Key.
func (a arguments) flat() []param {
	var pairs []param
	for _, k := range slices.Sorted(maps.Keys(a)) {
		pairs = append(pairs, flatten(k, a[k])...)
	}
	return pairs
}

func flatten(name string, v any) []param {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return []param{{name, v}}
	case json.Number:
		return []param{{name, v.String()}}
	case map[string]any:
		var pairs []param
		for _, k := range slices.Sorted(maps.Keys(v)) {
			pairs = append(pairs, flatten(name+"."+k, v[k])...)
		}
		return pairs
	case []any:
		var pairs []param
		for i, item := range v {
			pairs = append(pairs, flatten(name+"."+strconv.Itoa(i), item)...)
		}
		return pairs
	}
	return []param{{name, fmt.Sprint(v)}}
}
