/**
 * A sweep as Kubernetes Jobs, from 1.33 on: an indexed Job for each wave of cells, an index a cell. A pod that exits with 75, or that
 * the cluster takes away, is started again and not counted; one that fails otherwise fails its index, and the others go on.
 */
import { basename } from 'node:path';
import { UsageError } from '@longtail/core';
import { STOPPED } from '../stopped.ts';
import type { Cell, Sweep } from './cell.ts';
import type { Launcher, LaunchOptions } from './launcher.ts';
import { nameOf, shellWord, writeYaml } from './yaml-file.ts';

/** Of a pod after SIGTERM: the step under way ends, and is saved. */
const GRACE_SECONDS = 120;
/** Starts of a cell after such an end as for want of memory (137). */
const RETRIES = 2;

type Settings = LaunchOptions['settings'];

function containerOf(sweep: Sweep, cells: readonly Cell[], settings: Settings, saveEvery?: string): object {
  const { image, claim, gpus, cpu, memory, mount = sweep.folder } = settings;
  const resources = { ...(cpu && { cpu }), ...(memory && { memory }) };
  const limits = { ...(memory && { memory }), ...(gpus && { 'nvidia.com/gpu': gpus }) };
  const more = saveEvery === undefined ? '' : ` --save-every ${shellWord(saveEvery)}`;
  return {
    name: 'cell',
    image,
    command: ['sh', '-c'],
    args: [
      `set -- $CELLS; shift $JOB_COMPLETION_INDEX; exec longtail sweep run-cell ${shellWord(sweep.folder)} $1 --patient${more}`,
    ],
    env: [{ name: 'CELLS', value: cells.map(({ index }) => index).join(' ') }],
    ...((Object.keys(resources).length > 0 || Object.keys(limits).length > 0) && {
      resources: { requests: resources, limits },
    }),
    ...(claim && { volumeMounts: [{ name: 'sweep', mountPath: mount }] }),
  };
}

/** One Job of the cells of a wave. */
export function jobOf(
  sweep: Sweep,
  cells: readonly Cell[],
  { settings, parallel, saveEvery }: Pick<LaunchOptions, 'settings' | 'parallel' | 'saveEvery'>,
): object {
  const { name = basename(sweep.folder), namespace, claim } = settings;
  const completions = cells.length;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${nameOf(name)}-wave-${cells[0]!.wave}`, ...(namespace && { namespace }) },
    spec: {
      completionMode: 'Indexed',
      completions,
      parallelism: Math.min(parallel ?? completions, completions),
      backoffLimitPerIndex: RETRIES,
      maxFailedIndexes: completions,
      podFailurePolicy: {
        rules: [
          {
            action: 'Ignore',
            onExitCodes: { containerName: 'cell', operator: 'In', values: [STOPPED] },
          },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
          { action: 'FailIndex', onExitCodes: { containerName: 'cell', operator: 'In', values: [1, 2] } },
        ],
      },
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: GRACE_SECONDS,
          containers: [containerOf(sweep, cells, settings, saveEvery)],
          ...(claim && { volumes: [{ name: 'sweep', persistentVolumeClaim: { claimName: claim } }] }),
        },
      },
    },
  };
}

async function launch(sweep: Sweep, cells: readonly Cell[], options: LaunchOptions): Promise<string> {
  if (!options.settings.image)
    throw new UsageError(
      'k8s-yaml needs the container image that has longtail: name it by --with image=NAME.',
    );
  const waves = Map.groupBy(cells, ({ wave }) => wave);
  const documents = [...waves.keys()]
    .sort((a, b) => a - b)
    .map((wave) => jobOf(sweep, waves.get(wave)!, options));
  const head = [
    'Jobs of a sweep, a wave each: cells of later waves take the stage 1 of earlier ones, and end with 75 until it is there.',
    `Every pod sees ${sweep.folder}, and the pictures, under the same paths.`,
  ];
  const path = await writeYaml(sweep, 'sweep.k8s.yaml', { head, documents });
  return `${path} is written; next: kubectl replace --force -f ${path} (a Job of before cannot be changed otherwise), then longtail sweep status ${sweep.folder}`;
}

export const k8sYaml: Launcher = {
  settings: {
    image: 'container image that has longtail',
    claim: 'persistent volume claim that holds the folder of the sweep',
    mount: "where the claim is mounted; default: the sweep's folder",
    name: "of the Jobs; default: the folder's",
    namespace: 'of the Jobs',
    gpus: 'GPUs a pod',
    cpu: 'cores a pod',
    memory: 'memory a pod, such as 16Gi',
  },
  launch,
};
