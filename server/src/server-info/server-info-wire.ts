import { z } from 'zod'

export const pingResponse = z.object({ res: z.literal('pong') }).meta({ id: 'ServerPingResponse' })

export const versionResponse = z
  .object({ major: z.number(), minor: z.number(), patch: z.number(), prerelease: z.number().nullable() })
  .meta({ id: 'ServerVersionResponseDto' })

export const featuresResponse = z
  .object({
    smartSearch: z.boolean(),
    duplicateDetection: z.boolean(),
    configFile: z.boolean(),
    facialRecognition: z.boolean(),
    map: z.boolean(),
    trash: z.boolean(),
    reverseGeocoding: z.boolean(),
    importFaces: z.boolean(),
    oauth: z.boolean(),
    oauthAutoLaunch: z.boolean(),
    passwordLogin: z.boolean(),
    sidecar: z.boolean(),
    search: z.boolean(),
    email: z.boolean(),
    ocr: z.boolean(),
    realtimeTranscoding: z.boolean(),
    /** Absent while the feature is off. */
    trustedHeader: z.boolean().optional(),
  })
  .meta({ id: 'ServerFeaturesDto' })

export const configResponse = z
  .object({
    oauthButtonText: z.string(),
    loginPageMessage: z.string(),
    trashDays: z.number(),
    userDeleteDelay: z.number(),
    isInitialized: z.boolean(),
    isOnboarded: z.boolean(),
    externalDomain: z.string(),
    publicUsers: z.boolean(),
    mapDarkStyleUrl: z.string(),
    mapLightStyleUrl: z.string(),
    maintenanceMode: z.boolean(),
    minFaces: z.number(),
  })
  .meta({ id: 'ServerConfigDto' })

export const aboutResponse = z
  .object({
    version: z.string(),
    versionUrl: z.string(),
    licensed: z.boolean(),
    build: z.string().optional(),
    nodejs: z.string().optional(),
    ffmpeg: z.string().optional(),
    exiftool: z.string().optional(),
    libvips: z.string().optional(),
  })
  .meta({ id: 'ServerAboutResponseDto' })

export const storageResponse = z
  .object({
    diskSize: z.string(),
    diskUse: z.string(),
    diskAvailable: z.string(),
    diskSizeRaw: z.number(),
    diskUseRaw: z.number(),
    diskAvailableRaw: z.number(),
    diskUsagePercentage: z.number(),
  })
  .meta({ id: 'ServerStorageResponseDto' })

const usage = z.object({
  photos: z.number(),
  videos: z.number(),
  usage: z.number(),
  usagePhotos: z.number(),
  usageVideos: z.number(),
})

export const statisticsResponse = usage
  .extend({
    usageByUser: z.array(
      usage.extend({ userId: z.string(), userName: z.string(), quotaSizeInBytes: z.number().nullable() }),
    ),
  })
  .meta({ id: 'ServerStatsResponseDto' })

export const mediaTypesResponse = z
  .object({ image: z.array(z.string()), video: z.array(z.string()), sidecar: z.array(z.string()) })
  .meta({ id: 'ServerMediaTypesResponseDto' })
