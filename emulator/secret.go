package emulator

// ssmRate is the documented rate of GetSecretValue, in requests a second
// (https://tencentcloud.com/document/product/1078/38649).
const ssmRate = 300

// secretValue answers GetSecretValue.
func (e *Emulator) secretValue(q question) (fields, *refusal) {
	if q.region == "" {
		return nil, q.missing("Region")
	}
	name, version := q.arguments.text("SecretName"), q.arguments.text("VersionId")
	for parameter, value := range map[string]string{"SecretName": name, "VersionId": version} {
		if value == "" {
			return nil, refuse(textMissingParameter, "{parameter}", parameter)
		}
	}
	value, ok := e.secrets[name+"/"+version]
	if !ok {
		return nil, refuse(catalogue["ResourceNotFound"])
	}
	q.hide(value)
	return fields{"SecretName": name, "VersionId": version, "SecretString": value, "SecretBinary": ""}, nil
}
