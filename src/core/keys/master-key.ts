/**
 * A master key wraps the data key of a file, or one Shamir part of it. Upstream: `keys/keys.go`.
 */
/** The names of the key types, as `--decryption-order` and the metadata block spell them. */
export type KeyTypeName = 'kms' | 'gcp_kms' | 'hckms' | 'azure_kv' | 'hc_vault' | 'pgp' | 'age';

export interface MasterKey {
  readonly type: KeyTypeName;
  /**
   * What names the key, under the metadata block's field names: age `recipient`; pgp `fp`; kms `arn`, `role`, `context`,
   * `aws_profile`; gcp_kms `resource_id`; hckms `key_id`; azure_kv `vault_url`, `name`, `version`; hc_vault `vault_address`,
   * `engine_path`, `key_name`.
   */
  readonly fields: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  /** The wrapped data key as the metadata block holds it; empty before it was wrapped. */
  enc: string;
  /** RFC 3339, seconds, as in the file; undefined for age, which has none. */
  createdAt?: string | undefined;
}

/** The keys of one group: any of them gives the group's part. */
export type KeyGroup = MasterKey[];

/** Wraps and unwraps with one kind of access: in this process, or over gRPC. Upstream: `keyservice`. */
export interface KeyService {
  /** @throws SopsError or Error whose message is the reason, without the data key in it */
  wrap(key: MasterKey, plaintext: Uint8Array): Promise<string>;
  /** Unwraps `key.enc`. @throws as `wrap` */
  unwrap(key: MasterKey): Promise<Uint8Array>;
}
