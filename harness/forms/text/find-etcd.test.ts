import { expect, test } from 'vitest'
import { findEtcd } from './find-etcd.ts'

const argumentsOf = (command: string) => findEtcd(command.split(' '))?.args

test.each([
  'systemctl status etcd --no-pager',
  'sudo systemctl enable etcd --now --force',
  'journalctl -u etcd --since today',
  'useradd -d /var/lib/etcd -s /bin/false -g etcd -u 1501 etcd',
  'apt-get install etcd -y',
  'install /tmp/etcd -m 0755 -t /usr/local/bin',
  'mkdir /etc/etcd -p',
  './bench --engine etcd --id 1 --port 12380',
  'etcdctl backup --backup-dir /tmp/etcd --data-dir /var/lib/etcd-data',
  'etcdutl snapshot restore db --bump-revision 1 /srv/etcd --data-dir /var/lib/new',
])('a name behind another program starts nothing, whatever flags follow: %s', (command) => {
  expect(argumentsOf(command)).toBeUndefined()
})

test.each([
  ['etcd --nmae a', ['--nmae', 'a']],
  ['sudo -u etcd etcd --name a', ['--name', 'a']],
  ['chpst -u etcd /usr/bin/etcd -name a', ['-name', 'a']],
  ['timeout 30 etcd --config-file a.yml', ['--config-file', 'a.yml']],
  ['my-wrapper --now etcd --nmae a --data-dir b', ['--nmae', 'a', '--data-dir', 'b']],
  ['start-stop-daemon --start --exec /usr/bin/etcd -- --name=a', ['--name=a']],
])('a flag of etcd shows that another program starts it: %s', (command, args) => {
  expect(argumentsOf(command)).toEqual(args)
})
