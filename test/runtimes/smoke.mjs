// What every runtime has to do: a round trip in all formats, one value, data, a refusal. Given the library as a module.
export async function smoke({ encrypt, decrypt, decryptToBytes, decryptToData, SopsError }, recipient, identity) {
  const identities = [identity];
  const texts = {
    yaml: '# note\na: "hunter2" # inline\nl:\n- 1\n- 2.50\nt: 2020-01-02\n',
    json: '{ "a": "x",\n  "n": [1, 2.0, null] }',
    dotenv: '# note\nA=x y\n\nB=',
    ini: '; note\n[s]\na=1\n',
  };
  for (const [format, text] of Object.entries(texts)) {
    const encrypted = await encrypt(text, { format, recipients: [recipient] });
    if (!encrypted.includes('ENC[AES256_GCM,')) throw new Error(`${format}: nothing is encrypted`);
    const back = await decrypt(encrypted, { format, identities });
    if (back !== text) throw new Error(`${format}: ${JSON.stringify(back)}`);
  }
  const bytes = Uint8Array.of(0, 255, 128, 7);
  const envelope = await encrypt(bytes, { format: 'binary', recipients: [recipient] });
  const back = await decryptToBytes(envelope, { format: 'binary', identities });
  if (back.join() !== bytes.join()) throw new Error(`binary: ${back.join()}`);
  const yaml = await encrypt(texts.yaml, {
    format: 'yaml',
    recipients: [recipient],
    selection: { setting: 'encrypted_regex', text: '^(?i)A$' },
  });
  if (!yaml.includes('- 2.50') || yaml.includes('hunter2')) throw new Error('the selection was not honoured');
  const data = await decryptToData(yaml, { format: 'yaml', identities });
  if (data.a !== 'hunter2' || data.l[1] !== 2.5 || !(data.t instanceof Date)) throw new Error('the data are wrong');
  if ((await decrypt(yaml, { format: 'yaml', identities, extract: '["a"]' })) !== 'hunter2') throw new Error('extract');
  try {
    await decrypt(yaml.replace('type:str]', 'type:int]'), { format: 'yaml', identities });
    throw new Error('a changed type word was taken');
  } catch (error) {
    if (!(error instanceof SopsError) || error.code !== 'decrypt-tree' || error.message.includes('hunter')) throw error;
  }
  return 'smoke passed';
}
