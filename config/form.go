package config

import (
	"time"

	"prowatch/config/strict"
	"prowatch/watch"
)

type (
	text     = strict.Field[string]
	number   = strict.Field[int]
	duration = strict.Field[watch.Duration]
)

// form is prowatch.yaml as it is written, SPEC 5.6.
type form struct {
	Accounts    *strict.Node                            `yaml:"accounts"`
	Channels    *strict.Node                            `yaml:"channels"`
	Routes      strict.Field[[]strict.Field[routeForm]] `yaml:"routes" is:"a route"`
	Policy      *strict.Node                            `yaml:"policy"`
	State       text                                    `yaml:"state"`
	Schedule    text                                    `yaml:"schedule"`
	HTTP        httpForm                                `yaml:"http"`
	Heartbeat   heartbeatForm                           `yaml:"heartbeat"`
	Digest      strict.Field[digestForm]                `yaml:"digest"`
	Runbooks    *strict.Node                            `yaml:"runbooks"`
	Concurrency number                                  `yaml:"concurrency"`
	Fanout      strict.Field[fanoutForm]                `yaml:"fanout"`
	CAFile      text                                    `yaml:"ca_file"`
}

// keyForm is a key, and where it is used.
type keyForm struct {
	SecretID    text   `yaml:"secret_id"`
	SecretKey   text   `yaml:"secret_key"`
	Token       text   `yaml:"token"`
	Credentials text   `yaml:"credentials"`
	Site        text   `yaml:"site" one:"intl cn"`
	Endpoint    string `yaml:"endpoint"`
	STSEndpoint string `yaml:"sts_endpoint"`
	AllowHTTP   bool   `yaml:"allow_http"`
}

type accountForm struct {
	ID         text `yaml:"id"`
	keyForm    `yaml:",inline"`
	RoleARN    text              `yaml:"role_arn"`
	ExternalID text              `yaml:"external_id"`
	Labels     map[string]string `yaml:"labels"`
	Policy     *strict.Node      `yaml:"policy"`
}

type routeForm struct {
	Match    matchForm            `yaml:"match"`
	Channels strict.Field[[]text] `yaml:"channels"`
	Continue bool                 `yaml:"continue"`
}

type matchForm struct {
	Severity []watch.Severity  `yaml:"severity" one:"info warning critical"`
	Type     []text            `yaml:"type"`
	Account  []text            `yaml:"account"`
	Labels   map[string]string `yaml:"labels"`
}

type policyForm struct {
	TimeZone         text                     `yaml:"time_zone"`
	ExpiryThresholds strict.Field[[]duration] `yaml:"expiry_thresholds"`
	CriticalWithin   duration                 `yaml:"critical_within"`
	RemindEvery      duration                 `yaml:"remind_every"`
	Confirm          number                   `yaml:"confirm"`
	FailingAfter     number                   `yaml:"failing_after"`
	StaleAfter       duration                 `yaml:"stale_after"`
	ExpirySource     text                     `yaml:"expiry_source" one:"pro_version purchase_state"`
}

type httpForm struct {
	Listen     text                          `yaml:"listen"`
	PublicURL  text                          `yaml:"public_url"`
	SigningKey string                        `yaml:"signing_key"`
	Tokens     []strict.Field[httpTokenForm] `yaml:"tokens" is:"a token"`
	CORS       []text                        `yaml:"cors"`
}

type httpTokenForm struct {
	Token   text      `yaml:"token"`
	Scope   string    `yaml:"scope" one:"read operate"`
	Expires time.Time `yaml:"expires"`
}

type heartbeatForm struct {
	URL text `yaml:"url"`
}

type digestForm struct {
	Channel text `yaml:"channel"`
	Cron    text `yaml:"cron"`
}

type fanoutForm struct {
	Queue text   `yaml:"queue"`
	Batch number `yaml:"batch"`
}
