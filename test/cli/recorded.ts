/** Files that sops 3.13.3 encrypted, and the keys to them. Test keys: they protect nothing. */

export const ALICE = 'age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd';
export const ALICE_IDENTITY = 'AGE-SECRET-KEY-1FQXPPT5T90Z0E7F5XP3J4ZUEXJSPHQQZ7KVV30PKJZLK2YWCYDZST7A305';
export const BOB = 'age158tmrc2h6h5qrru83k4597nlcl7y049kvesva8l9v7dx72m9mg9qp4slz6';
export const BOB_IDENTITY = 'AGE-SECRET-KEY-1TLEMMX02WGEH82AUAPMA9EM3GVA9K3AQ2LHLEPSJAGWXDNS45WVSQZ06WU';

/** The environment of somebody who can decrypt for Alice. */
export const AS_ALICE: Record<string, string> = { SOPS_AGE_KEY: ALICE_IDENTITY };
export const AS_BOB: Record<string, string> = { SOPS_AGE_KEY: BOB_IDENTITY };

export const PLAIN_JSON = `{
\t"db": {
\t\t"user": "ann",
\t\t"port": 5432
\t},
\t"hosts": [
\t\t"a",
\t\t"b"
\t],
\t"ratio": 0.5,
\t"on": true,
\t"none": null
}
`;

export const ENCRYPTED_JSON = `{
\t"db": {
\t\t"user": "ENC[AES256_GCM,data:XQrB,iv:Y3TJOuxHFy27ZPxIm1GxjbpR0JSwiPe5kIm/jISLUJc=,tag:5e4bQKhjjqwVOxlFQiIlxQ==,type:str]",
\t\t"port": "ENC[AES256_GCM,data:3Bv4OQ==,iv:mHpnozP8Tkw7Kzkg/U5ESaBzrcqXutvAsPFwX11lLZw=,tag:LSLBU4PVw21SlwjMezMknQ==,type:int]"
\t},
\t"hosts": [
\t\t"ENC[AES256_GCM,data:pA==,iv:R6iXMUAB1mUO40TqwYdIz7V8dRGp8cvhCtLzCDsE5Cc=,tag:11EoC7l4cDtKObt/UFNfgg==,type:str]",
\t\t"ENC[AES256_GCM,data:cg==,iv:qHFX1sVVRFfyGioRzY9e+30tOrup3w0d842fLMvFJl4=,tag:C4F0Yzk7bG+zYfZ+O0Za3g==,type:str]"
\t],
\t"ratio": "ENC[AES256_GCM,data:r5Ni,iv:/j9tncfg6klOiwQGoogKiRW8OTv+Dly1bFl85gXC3Z4=,tag:X9jJ6wERRRxuf3/Efjhk6g==,type:float]",
\t"on": "ENC[AES256_GCM,data:i6vMhg==,iv:uOApADm41bXETR5rDhjd+yLwIgsc2Buu7ZLWaTlEnyw=,tag:Oe+l13T3C/nFqLmw8Rv5Jw==,type:bool]",
\t"none": null,
\t"sops": {
\t\t"age": [
\t\t\t{
\t\t\t\t"enc": "-----BEGIN AGE ENCRYPTED FILE-----\\nYWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBzMkdZYlBaUllwOUpwMWpz\\nNXRKVFJNWFN2ZmRYWjVvR1d3enduQ1NEL2tJClNRZDhDOUJjdWtPVHVicGRQN3RO\\nUTcrVkpiNnhRemFIUVMvQ21nMVF5UkkKLS0tIGdJQ1h5YlVQeG4wMkl0NXRnUHpE\\nYTQvYmRKeWo1VHVuTFRvMWR2R3pFTlEKdfvliv5miN5J5WHNyrUF5gqwqkTz+OpJ\\nvqnMtoumpHYAYLFW36bK71fgLTFpH+CMC1hDsEjl/J/r7d5jgNQSvg==\\n-----END AGE ENCRYPTED FILE-----\\n",
\t\t\t\t"recipient": "age1ms667eyqdwa8xm4w9fh4vnhl52uxne7r7ndu4v60dx6m6gsmcvxq85vrvd"
\t\t\t}
\t\t],
\t\t"lastmodified": "2026-11-24T09:13:49Z",
\t\t"mac": "ENC[AES256_GCM,data:4EmYt+M0I6VpzpejHcDEGnVNOeEvPsk+6h/weA9gJBWW+72eepGL67Mr6B+8D4+HzrWlkBDPWTtUwPrLTZV0Tu+TzrHJAl9FGTXz23XfVAp+c5GhDKjSJxRbCBVdgtP5gkJuhmd4bR1LV5+4yyJ2H6yzccJDcIjgvqPB1ZOktFE=,iv:xvRB1udXra2nLi4CgPlxkcC1wzhlf2uinjO/4e0QREQ=,tag:sXosEl/8fcEOl3zWpfThxg==,type:str]",
\t\t"unencrypted_suffix": "_unencrypted",
\t\t"version": "3.13.3"
\t}
}
`;
