// A local cluster as a process of its own, to be killed: prints where it answers. Its argument: the options as JSON.
import { startLocalCluster } from '../../../../cluster/src/local/start.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as Parameters<typeof startLocalCluster>[0];
startLocalCluster({ portBase: 0, log: line => process.stderr.write(`${line}\n`), ...options }).then(
  ({ marathon, chronos, mesos, stop }) => {
    process.once('SIGTERM', () => void stop());
    process.stdout.write(`${JSON.stringify({ marathon, chronos, mesos })}\n`);
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  },
);
