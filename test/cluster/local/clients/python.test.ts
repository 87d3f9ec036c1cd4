// Debian's python3-marathon, the Python client of the real Marathon, unchanged. Its own integration tests say what is done here.
import { spawn, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openCluster } from '../local.ts';

const isThere = spawnSync('/usr/bin/python3', ['-c', 'import marathon'], { stdio: 'ignore' }).status === 0;
if (!isThere) console.warn('The Python client is not tried: it needs python3-marathon.');

const script = `
import sys, threading, time
import marathon
from marathon.models import MarathonApp, MarathonGroup, MarathonHealthCheck
from marathon.models.events import MarathonDeploymentSuccess

client = marathon.MarathonClient(sys.argv[1])
assert client.ping().strip() in (b'pong', b'"pong"'), client.ping()
info = client.get_info()
assert info.version == sys.argv[2] and info.elected, info

heard = []

def listen():
    for event in client.event_stream():
        heard.append(event)

threading.Thread(target=listen, daemon=True).start()

def finished(deployment):
    until = time.time() + 20
    while any(each.id == deployment for each in client.list_deployments()):
        assert time.time() < until, deployment

def result(answer):
    finished(answer['deploymentId'])

app = client.create_app('py/web', MarathonApp(
    cmd='sleep 3600', mem=16, cpus=0.1, instances=3, labels={'team': 'a'},
    health_checks=[MarathonHealthCheck(protocol='TCP', grace_period_seconds=1, interval_seconds=1)]))
finished(app.deployments[0].id)
app = client.get_app('py/web')
assert app.tasks_running == 3 and app.tasks_healthy == 3, app
assert [each.id for each in client.list_apps(label='team==a')] == ['/py/web']
tasks = client.list_tasks('py/web')
assert len(tasks) == 3 and all(task.health_check_results[0].alive for task in tasks), tasks
assert len(client.list_endpoints()) == 3
result(client.scale_app('py/web', instances=2))
result(client.update_app('py/web', MarathonApp(env={'A': 'b'})))
assert client.get_app('py/web').env == {'A': 'b'}
versions = client.list_versions('py/web')
assert len(versions) >= 2, versions
assert client.get_version('py/web', versions[0]).id == '/py/web'
result(client.restart_app('py/web'))
killed = client.list_tasks('py/web')[0]
client.kill_given_tasks([killed.id])
assert [group.id for group in client.list_groups()] == ['/py']
finished(client.create_group(MarathonGroup(id='/other', apps=[MarathonApp(id='one', cmd='sleep 60', mem=16, cpus=0.1)]))['deploymentId'])
assert client.get_group('other').apps[0].id == '/other/one'
result(client.delete_group('other'))
client.create_app('waits', MarathonApp(cmd='true', cpus=100000))
[deployment] = client.list_deployments()
assert deployment.affected_apps == ['/waits'], deployment
assert [item.app.id for item in client.list_queue()] == ['/waits']
client.delete_deployment(deployment.id, force=True)
result(client.delete_app('py/web', force=True))
try:
    client.get_app('py/web')
    raise AssertionError('still there')
except marathon.exceptions.NotFoundError as error:
    assert error.error_message == "App '/py/web' does not exist", error
# it reads its stream in pieces of 512 bytes, so the last events may be on their way
assert any(isinstance(event, MarathonDeploymentSuccess) for event in heard), heard
print('done')
`;

test.skipIf(!isThere).each([
  ['indigo_1', '1.1.1'],
  ['indigo_2', '1.4.1'],
  ['deep_1', '1.5.6'],
] as const)('python3-marathon drives the Marathon of %s', async (release, version) => {
  const { cluster } = await openCluster({ release, executor: 'stand-in' });
  const child = spawn('/usr/bin/python3', ['-W', 'ignore', '-c', script, cluster.marathon, version]);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', data => {
      printed += data;
    });
  await new Promise(resolve => child.on('close', resolve));
  expect(printed).toMatch(/(?:^|\n)done\n$/);
});
