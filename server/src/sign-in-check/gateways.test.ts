import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readGateways } from './gateways.ts'

test('the gateways are those of the default routes, in both families', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-routes-'))
  writeFileSync(
    join(folder, 'route'),
    `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
eth1\t0000A8C0\t0101A8C0\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0
`,
  )
  writeFileSync(
    join(folder, 'ipv6_route'),
    `00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000003000000000000000000000001 00000400 00000002 00000000 00000003     eth0
fd000003000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`,
  )
  expect(await readGateways(folder)).toEqual(['172.17.0.1', 'fd00:3::1'])
})

test('where there are no such files, there are no gateways', async () => {
  expect(await readGateways('/no/such/folder')).toEqual([])
})
