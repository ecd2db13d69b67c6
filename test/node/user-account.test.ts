import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SopsError } from '../../src/core/errors.ts';
import { lookUpUser, userVariables } from '../../src/node/user-account.ts';
import { temporaryFolder } from './child-module.ts';

function files(): { passwd: string; group: string } {
  const folder = temporaryFolder();
  const passwd = path.join(folder, 'passwd');
  const group = path.join(folder, 'group');
  writeFileSync(passwd, '# users\nroot:x:0:0:root:/root:/bin/sh\n+nis::::::\nann:x:1001:1002:A. B:/home/ann:/bin/sh\n');
  writeFileSync(group, 'root:x:0:\nann:x:1002:\nwheel:x:10:root,ann\nannex:x:11:annex\nstaff:x:12:ann\nbad:x:y:ann\n');
  return { passwd, group };
}

test('a user has the groups that list him besides his own', () => {
  const user = lookUpUser('ann', files());
  expect(user).toEqual({ name: 'ann', home: '/home/ann', userId: 1001, groupId: 1002, groupIds: [1002, 10, 12] });
  expect(userVariables(user)).toEqual({ HOME: '/home/ann', USER: 'ann', LOGNAME: 'ann' });
});

test('a user that does not exist is an error with the text of Go', () => {
  expect(() => lookUpUser('nobody-here', files())).toThrow(new SopsError('generic', 'user: unknown user nobody-here'));
});
