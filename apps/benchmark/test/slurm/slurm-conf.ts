/** The configuration of a cluster of one node that is this machine, run by whoever starts it. */
import { hostname, totalmem, userInfo } from 'node:os';
import { join } from 'node:path';

export interface ClusterOptions {
  /** That the node says it has: tasks of one processor that run at a time. */
  readonly cpus: number;
  /** One more than the largest index of a task. */
  readonly maxArraySize: number;
}

/**
 * @param folder an absolute path, in which everything lies
 * @param options.ports of slurmctld and of slurmd
 * @returns the text of slurm.conf: a partition `batch`, whose jobs are requeued for those of the partition `urgent`
 */
export function configuration(
  folder: string,
  { ports: [controller, node], cpus, maxArraySize }: ClusterOptions & { ports: readonly [number, number] },
): string {
  const at = (name: string): string => join(folder, name);
  const host = hostname().split('.')[0]!;
  const user = userInfo().username;
  return `ClusterName=longtail
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${node}
SlurmUser=${user}
SlurmdUser=${user}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket=${at('munge.socket')}
CredType=cred/munge
StateSaveLocation=${at('state')}
SlurmdSpoolDir=${at('spool')}
SlurmctldPidFile=${at('slurmctld.pid')}
SlurmdPidFile=${at('slurmd.pid')}
SlurmctldLogFile=${at('slurmctld.log')}
SlurmdLogFile=${at('slurmd.log')}
PlugStackConfig=${at('plugstack.conf')}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
MaxArraySize=${maxArraySize}
KillWait=30
ReturnToService=2
SlurmdParameters=config_overrides
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=here NodeHostname=${host} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=${Math.floor(totalmem() / 2 ** 20)}
PartitionName=batch Nodes=here Default=YES PriorityTier=1
PartitionName=urgent Nodes=here PriorityTier=2
`;
}
