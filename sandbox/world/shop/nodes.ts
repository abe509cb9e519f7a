import type { Node } from '../../store/kinds.ts'

const capacity = { cpu: '12', memory: '48Gi', pods: '110', 'ephemeral-storage': '100Gi' }

/** Three equal nodes. Allocatable is what is left after the system's own share. */
export function nodeObjects(now: string): Node[] {
  return [1, 2, 3].map((number) => {
    const name = `node-${number}`
    const pressure = (type: string, reason: string, message: string) => ({
      type,
      status: 'False' as const,
      reason,
      message,
      lastTransitionTime: now,
    })
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'kubernetes.io/arch': 'amd64',
          'node.kubernetes.io/instance-type': 'm.3xlarge',
          'topology.kubernetes.io/region': 'sandbox-1',
          'topology.kubernetes.io/zone': `sandbox-1${'abc'[number - 1]}`,
        },
      },
      spec: { podCIDR: `10.244.${number}.0/24` },
      status: {
        capacity,
        allocatable: { ...capacity, cpu: '11800m', memory: '46Gi' },
        conditions: [
          pressure('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
          pressure('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
          pressure('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
          {
            type: 'Ready',
            status: 'True',
            reason: 'KubeletReady',
            message: 'kubelet is posting ready status',
            lastTransitionTime: now,
          },
        ],
        addresses: [
          { type: 'InternalIP', address: `10.0.0.${10 + number}` },
          { type: 'Hostname', address: name },
        ],
        nodeInfo: {
          architecture: 'amd64',
          bootID: '',
          containerRuntimeVersion: 'containerd://2.1.4',
          kernelVersion: '6.12.0-sandbox',
          kubeProxyVersion: '',
          kubeletVersion: 'v1.35.0',
          machineID: '',
          operatingSystem: 'linux',
          osImage: 'Sandbox Linux',
          systemUUID: '',
        },
      },
    }
  })
}
