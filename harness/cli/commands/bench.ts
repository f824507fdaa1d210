import { Command } from 'commander'
import { type BenchOptions, benchOptions } from '../options/bench.ts'
import { addOptions } from '../options/table.ts'

export function benchCommand(): Command {
  const command = new Command('bench')
    .description('measure how many requests a second a cluster serves, and beside etcd’s own tools')
    .addHelpText('after', help)
    .action(async (options: BenchOptions) => {
      const { bench } = await import('../bench.ts')
      await bench(options)
    })
  return addOptions(command, benchOptions)
}

const help = `
Starts a cluster of its own, or measures the one at --endpoints. It writes under gauntlet-bench/ alone
and removes that at the end. Its count of writes is compared with etcd's revisions, so let no
other client write meanwhile.

Examples:
  gauntlet bench                                           1, 100 and 1,000 clients, three members
  gauntlet bench --members 5 --tls none --sweep            up to the knee
  gauntlet bench --clients 1000 --key-size 256 --value-size 1024 --vs etcdctl --rounds 5
  gauntlet bench --endpoints https://10.0.0.1:2379 --cacert ca.pem --cert client.pem --key client-key.pem
  gauntlet bench --rate 2000 --operation range             an open loop of linearizable reads`
