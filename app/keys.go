package app

import (
	"time"

	"prowatch/watch"
)

// The structs below are the keys of prowatch.yaml beside those of the channels,
// as the schema shows them; package config reads the same keys, and a test asks
// it for each. Beside the tags that it knows, `need` marks a key that must be
// there, `min` is the least number, `pattern` the form of a text and `doc` what
// an editor says of the key.

const idPattern = "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"

type documentKeys struct {
	Accounts    accountsKey           `yaml:"accounts" need:"yes" doc:"The Tencent Cloud accounts to watch."`
	Channels    map[string]channelKey `yaml:"channels" need:"yes" min:"1" doc:"The places to tell people in, by a name of your own."`
	Routes      []routeKeys           `yaml:"routes" min:"1" doc:"Which notices reach which channels, tried in order; the last has no match. Without routes every channel gets everything."`
	Policy      policyKeys            `yaml:"policy" doc:"The settings of the rules; an account may have its own."`
	State       string                `yaml:"state" doc:"Where prowatch remembers, such as file:./state."`
	Schedule    string                `yaml:"schedule" doc:"When serve checks: five cron fields in policy.time_zone, such as 17 * * * * for each hour, the default."`
	HTTP        httpKeys              `yaml:"http" doc:"The HTTP API and the status page."`
	Heartbeat   heartbeatKeys         `yaml:"heartbeat" doc:"What is pinged around each whole run, as healthchecks.io takes it."`
	Digest      digestKeys            `yaml:"digest" doc:"A regular word that prowatch is alive."`
	Runbooks    map[watch.Type]string `yaml:"runbooks" doc:"Your own page, a URL, by type of notice."`
	Concurrency int                   `yaml:"concurrency" min:"1" doc:"How many accounts are asked at a time; 16 by default."`
	Fanout      fanoutKeys            `yaml:"fanout" doc:"Hands batches of accounts to a queue."`
	CAFile      string                `yaml:"ca_file" doc:"A PEM file of certificate authorities to trust beside the system's."`
}

// accountsKey stands for the list of accounts, or the object that has one.
type accountsKey struct{}

type accountsKeys struct {
	List         []accountKeys    `yaml:"list" doc:"Accounts, each with its key."`
	Organization organizationKeys `yaml:"organization" doc:"An organisation whose members are watched."`
}

type organizationKeys struct {
	keyKeys     `yaml:",inline"`
	Role        string            `yaml:"role" pattern:"^[A-Za-z0-9_+=,.@-]{0,128}$" doc:"The role to assume in each member, by name; OrganizationAccessControlRole by default."`
	Exclude     []string          `yaml:"exclude" doc:"Numbers (UIN) of members that are not watched."`
	IDPrefix    string            `yaml:"id_prefix" pattern:"^([A-Za-z0-9_-][A-Za-z0-9._-]{0,39})?$" doc:"Begins the ids of the members, which go on with the number."`
	IncludeSelf bool              `yaml:"include_self" doc:"Watch the account that manages the organisation, too."`
	Labels      map[string]string `yaml:"labels" doc:"What routes can match, of all members; each has its name and department as well."`
	Policy      policyKeys        `yaml:"policy" doc:"What differs for these accounts."`
}

// keyKeys are a key, and where it is used.
type keyKeys struct {
	SecretID    string `yaml:"secret_id" doc:"The API key's SecretId, best as ${env:NAME}."`
	SecretKey   string `yaml:"secret_key" doc:"The API key's SecretKey, best as ${env:NAME}."`
	Token       string `yaml:"token" doc:"The token of a temporary key."`
	Credentials string `yaml:"credentials" pattern:"^((file|tccli)(:[A-Za-z0-9_-][A-Za-z0-9._-]{0,63})?|role|tke)$" doc:"Where else the key comes from: file, tccli (both with :SECTION or :PROFILE), role or tke."`
	Site        string `yaml:"site" one:"intl cn" doc:"Where the account was opened; intl by default."`
	Endpoint    string `yaml:"endpoint" doc:"Another API host than the site's: host, host:port or a URL."`
	STSEndpoint string `yaml:"sts_endpoint" doc:"Another host of STS than the one beside endpoint."`
	AllowHTTP   bool   `yaml:"allow_http" doc:"Lets the endpoints be http:// on another machine."`
}

type accountKeys struct {
	ID         string `yaml:"id" need:"yes" pattern:"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$" doc:"A name of your own for the account."`
	keyKeys    `yaml:",inline"`
	RoleARN    string            `yaml:"role_arn" pattern:"^(qcs::cam::uin/[0-9]+:(roleName/|role/(tencentcloudServiceRole(Name)?/)?)[A-Za-z0-9_+=,.@-]+)?$" doc:"The role to assume with the key."`
	ExternalID string            `yaml:"external_id" pattern:"^([A-Za-z0-9_+=,.@:/-]{2,128})?$" doc:"Goes with role_arn."`
	Labels     map[string]string `yaml:"labels" doc:"What routes can match."`
	Policy     policyKeys        `yaml:"policy" doc:"What differs for this account."`
}

// channelKey stands for the settings of any type of channel.
type channelKey struct{}

type routeKeys struct {
	Match    matchKeys `yaml:"match" doc:"What a notice must be; without it everything matches."`
	Channels []string  `yaml:"channels" need:"yes" min:"1" doc:"Names of channels."`
	Continue bool      `yaml:"continue" doc:"Look at the routes below, too."`
}

type matchKeys struct {
	Severity []watch.Severity  `yaml:"severity" one:"info warning critical"`
	Type     []string          `yaml:"type" doc:"Types of notices, with * for any text, such as status.*"`
	Account  []string          `yaml:"account" doc:"Ids of accounts, with * for any text."`
	Labels   map[string]string `yaml:"labels" doc:"Labels that the account must have, all of them."`
}

type policyKeys struct {
	TimeZone         string           `yaml:"time_zone" doc:"The zone of the API's times; Asia/Shanghai by default."`
	ExpiryThresholds []watch.Duration `yaml:"expiry_thresholds" min:"1" doc:"The times left at which a nearing end is told; [30d, 14d, 7d, 3d, 1d] by default."`
	CriticalWithin   watch.Duration   `yaml:"critical_within" doc:"The time left from which a nearing end is critical; 3d by default."`
	RemindEvery      watch.Duration   `yaml:"remind_every" doc:"The time between reminders of an open problem, 0 for none; 24h by default."`
	Confirm          int              `yaml:"confirm" min:"1" doc:"How often in a row a change must be seen to be believed; 1 by default."`
	FailingAfter     int              `yaml:"failing_after" min:"1" doc:"How many failures in a row are told; 3 by default."`
	StaleAfter       watch.Duration   `yaml:"stale_after" doc:"How long an account may go unchecked before that is told; 24h by default."`
	ExpirySource     string           `yaml:"expiry_source" one:"pro_version purchase_state" doc:"purchase_state takes the end from DescribePurchaseStateInfo where DescribeProVersionInfo gives none."`
}

type httpKeys struct {
	Listen     string          `yaml:"listen" doc:"host:port, such as 127.0.0.1:8080."`
	PublicURL  string          `yaml:"public_url" doc:"The URL that people reach the page at."`
	SigningKey string          `yaml:"signing_key" doc:"Signs cookies and links, best as ${env:NAME}."`
	Tokens     []httpTokenKeys `yaml:"tokens" doc:"The bearers of the API."`
	CORS       []string        `yaml:"cors" doc:"Origins whose pages may ask the API, such as https://board.example.com; none by default."`
}

type httpTokenKeys struct {
	Token   string    `yaml:"token" need:"yes" doc:"The bearer's secret, best as ${env:NAME}."`
	Scope   string    `yaml:"scope" one:"read operate" doc:"What the bearer may do; read by default."`
	Expires time.Time `yaml:"expires" doc:"Until when it is good; for ever by default."`
}

type heartbeatKeys struct {
	URL string `yaml:"url"`
}

type digestKeys struct {
	Channel string `yaml:"channel" need:"yes" doc:"The name of a channel."`
	Cron    string `yaml:"cron" need:"yes" doc:"When it is said: five cron fields."`
}

type fanoutKeys struct {
	Queue string `yaml:"queue" need:"yes" doc:"sqs:URL with the URL of an SQS queue, or scf:self."`
	Batch int    `yaml:"batch" min:"1" doc:"Accounts in one message; 100 by default."`
}
