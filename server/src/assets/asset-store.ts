import { createAssetChangeStore } from './asset-change-store.ts'
import { createAssetJobStore } from './asset-job-store.ts'
import type { AssetStorePorts } from './asset-lock-store.ts'
import { createAssetReadStore } from './asset-read-store.ts'
import type { Assets } from './assets.ts'

/** The port `Assets`, kept in SQL. Rows stay in here; assets come out. */
export const createAssetStore = (ports: AssetStorePorts): Assets => ({
  ...createAssetReadStore(ports.db),
  ...createAssetChangeStore(ports),
  ...createAssetJobStore(ports),
})
