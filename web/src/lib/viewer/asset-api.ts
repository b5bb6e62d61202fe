import type { ApiClient } from '../api/api-client.ts'
import type { AssetResponseDto } from '../api/api-types.ts'

export type AssetApi = {
  asset: (id: string) => Promise<AssetResponseDto>
  setFavorite: (id: string, isFavorite: boolean) => Promise<AssetResponseDto>
  toTrash: (id: string) => Promise<void>
  fromTrash: (id: string) => Promise<void>
}

export const createAssetApi = (api: ApiClient): AssetApi => ({
  asset: (id) => api.get(`/assets/${id}`),
  setFavorite: (id, isFavorite) => api.put(`/assets/${id}`, { isFavorite }),
  toTrash: (id) => api.delete('/assets', { ids: [id] }),
  fromTrash: (id) => api.post('/trash/restore/assets', { ids: [id] }),
})
