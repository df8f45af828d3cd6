// Package aws resolves ${awssecret:ID}, a secret of AWS Secrets Manager, and
// ${awsssm:NAME}, a parameter of the Systems Manager's Parameter Store, which
// is decrypted if it is a SecureString.
//
// Each is one call of a service's JSON protocol, signed by the SDK's bare
// signer: the clients of the two services would add megabytes to a function
// that starts cold. Region, endpoint and credentials are those of
// [awsclient.Session]: the parameters region and endpoint of the reference,
// else the environment.
package aws
