/** Draws one scene as SVG elements into a frame of the given size. `random` gives the same row of numbers each time. */
export type Scene = (frame: { width: number; height: number; random: () => number }) => string

type Stops = readonly (readonly [offset: number, colour: string])[]

const repeat = (count: number, draw: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => draw(i)).join('')

function backdrop(id: string, stops: Stops, { width, height }: { width: number; height: number }): string {
  const marks = stops.map(([offset, colour]) => `<stop offset="${offset}" stop-color="${colour}"/>`).join('')
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${marks}</linearGradient>
    <rect width="${width}" height="${height}" fill="url(#${id})"/>`
}

function glow(x: number, y: number, radius: number, colour: string): string {
  const id = `glow${Math.round(x)}x${Math.round(y)}x${Math.round(radius)}`
  return `<radialGradient id="${id}"><stop offset="0" stop-color="${colour}"/><stop offset="0.35" stop-color="${colour}" stop-opacity="0.45"/>
    <stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>
    <circle cx="${x}" cy="${y}" r="${radius}" fill="url(#${id})"/>`
}

/** A ridge line from left to right, filled down to the bottom. */
function ridge(frame: Parameters<Scene>[0], top: number, roughness: number, colour: string): string {
  const { width, height, random } = frame
  const steps = 28
  const points = Array.from({ length: steps + 1 }, (_, i) => {
    const wave = Math.sin(i * 0.55 + top * 9) * roughness * 0.5
    return `${(width * i) / steps},${height * (top + wave + (random() - 0.5) * roughness)}`
  })
  return `<polygon points="0,${height} ${points.join(' ')} ${width},${height}" fill="${colour}"/>`
}

function flower(x: number, y: number, size: number, colour: string): string {
  const petals = repeat(6, (i) => {
    const angle = (i * Math.PI) / 3
    return `<circle cx="${x + Math.cos(angle) * size}" cy="${y + Math.sin(angle) * size}" r="${size * 0.72}" fill="${colour}"/>`
  })
  return `<path d="M${x} ${y} q ${size} ${size * 4} 0 ${size * 9}" stroke="#3f6b35" stroke-width="${size * 0.4}" fill="none"/>
    ${petals}<circle cx="${x}" cy="${y}" r="${size * 0.6}" fill="#f6c945"/>`
}

export const porchAtDusk: Scene = (frame) => {
  const { width: w, height: h, random } = frame
  const plank = (i: number) =>
    `<rect x="0" y="${h * (0.8 + i * 0.04)}" width="${w}" height="${h * 0.036}" fill="hsl(24 34% ${24 - i * 2}%)"/>`
  const window = (
    x: number,
  ) => `<rect x="${x}" y="${h * 0.38}" width="${w * 0.13}" height="${h * 0.24}" rx="8" fill="#ffcf7a"/>
    <path d="M${x + w * 0.065} ${h * 0.38} v ${h * 0.24} M${x} ${h * 0.5} h ${w * 0.13}" stroke="#4a3428" stroke-width="12"/>
    ${glow(x + w * 0.065, h * 0.5, w * 0.16, '#ffb347')}`
  return `${backdrop(
    'dusk',
    [
      [0, '#1d2547'],
      [0.45, '#5a4a78'],
      [0.75, '#d9825b'],
      [1, '#f0b071'],
    ],
    frame,
  )}
    ${repeat(60, () => `<circle cx="${random() * w}" cy="${random() * h * 0.3}" r="${1 + random() * 3}" fill="#fff" opacity="${random()}"/>`)}
    <rect x="${w * 0.12}" y="${h * 0.28}" width="${w * 0.76}" height="${h * 0.54}" fill="#5b4132"/>
    <polygon points="${w * 0.05},${h * 0.3} ${w * 0.5},${h * 0.08} ${w * 0.95},${h * 0.3}" fill="#3a2a28"/>
    ${window(w * 0.2)}${window(w * 0.67)}
    <rect x="${w * 0.43}" y="${h * 0.4}" width="${w * 0.14}" height="${h * 0.42}" rx="6" fill="#7d3b2c"/>
    <circle cx="${w * 0.55}" cy="${h * 0.62}" r="9" fill="#f3d58a"/>
    <rect x="${w * 0.49}" y="${h * 0.32}" width="${w * 0.02}" height="${h * 0.05}" fill="#ffe9b0"/>
    ${glow(w * 0.5, h * 0.35, w * 0.24, '#ffd27d')}${repeat(5, plank)}`
}

export const garden: Scene = (frame) => {
  const { width: w, height: h, random } = frame
  const colours = ['#e4572e', '#f2a7b5', '#f7f0e0', '#a44a9c', '#f4b41a', '#d7263d']
  return `${backdrop(
    'noon',
    [
      [0, '#8ec9ef'],
      [0.55, '#dff1f5'],
      [0.56, '#86b36b'],
      [1, '#3c6b35'],
    ],
    frame,
  )}
    ${ridge(frame, 0.52, 0.05, '#5f8f57')}${ridge(frame, 0.62, 0.03, '#4c7f45')}
    ${repeat(90, (i) => flower(random() * w, h * (0.58 + (i / 90) * 0.36), 8 + (i / 90) * 26, colours[i % colours.length] ?? '#fff'))}`
}

export const beach: Scene = (frame) => {
  const { width: w, height: h, random } = frame
  const wave = (
    i: number,
  ) => `<path d="M0 ${h * (0.46 + i * 0.045)} q ${w * 0.125} ${-h * 0.018} ${w * 0.25} 0 t ${w * 0.25} 0 t ${w * 0.25} 0 t ${w * 0.25} 0"
    stroke="#fff" stroke-opacity="${0.25 + i * 0.1}" stroke-width="${4 + i * 3}" fill="none"/>`
  const stripe = (i: number) =>
    `<path d="M${w * 0.72} ${h * 0.5} L${w * (0.58 + i * 0.07)} ${h * 0.66} L${w * (0.615 + i * 0.07)} ${h * 0.655} Z" fill="${i % 2 ? '#fff' : '#e4572e'}"/>`
  return `${backdrop(
    'sea',
    [
      [0, '#5fb4e6'],
      [0.42, '#d3eefa'],
      [0.43, '#2f86a8'],
      [0.66, '#7fd0cf'],
      [0.7, '#f3dfae'],
      [1, '#d9b978'],
    ],
    frame,
  )}
    ${glow(w * 0.2, h * 0.16, w * 0.2, '#fff6cf')}${repeat(5, wave)}
    <path d="M${w * 0.72} ${h * 0.5} V ${h * 0.9}" stroke="#7a5230" stroke-width="14"/>${repeat(4, stripe)}
    <path d="M${w * 0.3} ${h * 0.45} l ${w * 0.03} ${-h * 0.12} l ${w * 0.03} ${h * 0.12} Z" fill="#fff"/>
    ${repeat(160, () => `<circle cx="${random() * w}" cy="${h * (0.74 + random() * 0.26)}" r="${1 + random() * 4}" fill="#a98a55" opacity="0.5"/>`)}`
}

export const mountains: Scene = (frame) => {
  const { width: w, height: h } = frame
  return `${backdrop(
    'alpine',
    [
      [0, '#2b6cb0'],
      [0.6, '#cfe6f5'],
      [1, '#e9f3f2'],
    ],
    frame,
  )}
    <polygon points="${w * 0.05},${h * 0.8} ${w * 0.36},${h * 0.2} ${w * 0.7},${h * 0.8}" fill="#6b7a8f"/>
    <polygon points="${w * 0.36},${h * 0.2} ${w * 0.28},${h * 0.355} ${w * 0.34},${h * 0.33} ${w * 0.38},${h * 0.37} ${w * 0.45},${h * 0.36}" fill="#fdfdfd"/>
    <polygon points="${w * 0.42},${h * 0.85} ${w * 0.74},${h * 0.3} ${w},${h * 0.75} ${w},${h * 0.85}" fill="#54647c"/>
    <polygon points="${w * 0.74},${h * 0.3} ${w * 0.68},${h * 0.405} ${w * 0.74},${h * 0.39} ${w * 0.8},${h * 0.405}" fill="#fdfdfd"/>
    ${ridge(frame, 0.72, 0.08, '#41614b')}${ridge(frame, 0.82, 0.05, '#2e4a38')}`
}

export const birthdayCake: Scene = (frame) => {
  const { width: w, height: h, random } = frame
  const layer = (y: number, half: number, colour: string) =>
    `<rect x="${w / 2 - half}" y="${y}" width="${half * 2}" height="${h * 0.16}" rx="26" fill="${colour}"/>`
  const candle = (i: number) => {
    const x = w * (0.36 + i * 0.07)
    return `<rect x="${x - 9}" y="${h * 0.36}" width="18" height="${h * 0.1}" fill="${i % 2 ? '#7fc8f8' : '#f9a8d4'}"/>
      ${glow(x, h * 0.335, w * 0.05, '#ffb545')}<ellipse cx="${x}" cy="${h * 0.335}" rx="10" ry="22" fill="#ffe7a0"/>`
  }
  return `${backdrop(
    'room',
    [
      [0, '#3b2733'],
      [0.7, '#6d4042'],
      [0.71, '#8a5a3c'],
      [1, '#5f3b26'],
    ],
    frame,
  )}
    ${repeat(40, () => `<circle cx="${random() * w}" cy="${random() * h * 0.6}" r="${10 + random() * 40}" fill="hsl(${20 + random() * 40} 80% 70%)" opacity="0.18"/>`)}
    <ellipse cx="${w / 2}" cy="${h * 0.82}" rx="${w * 0.33}" ry="${h * 0.06}" fill="#efe6dc"/>
    ${layer(h * 0.64, w * 0.26, '#f4d7c3')}${layer(h * 0.53, w * 0.21, '#fbeee4')}${layer(h * 0.44, w * 0.17, '#f3b6c2')}${repeat(5, candle)}`
}

export const winterMorning: Scene = (frame) => {
  const { width: w, height: h, random } = frame
  const tree = (x: number, y: number, size: number) =>
    repeat(
      3,
      (i) =>
        `<polygon points="${x},${y - size * (1 - i * 0.28)} ${x - size * (0.26 + i * 0.1)},${y - size * (0.45 - i * 0.22)} ${x + size * (0.26 + i * 0.1)},${y - size * (0.45 - i * 0.22)}" fill="hsl(150 22% ${26 + i * 6}%)"/>`,
    )
  return `${backdrop(
    'snow',
    [
      [0, '#b8cde3'],
      [0.55, '#f6e3dc'],
      [1, '#ffffff'],
    ],
    frame,
  )}
    ${ridge(frame, 0.6, 0.05, '#dfe8f2')}${repeat(14, (i) => tree(w * (0.04 + i * 0.072), h * (0.68 + random() * 0.1), h * (0.16 + random() * 0.16)))}
    ${ridge(frame, 0.8, 0.03, '#fafcff')}
    ${repeat(220, () => `<circle cx="${random() * w}" cy="${random() * h}" r="${2 + random() * 7}" fill="#fff" opacity="${0.4 + random() * 0.6}"/>`)}`
}

export const autumnWood: Scene = (frame) => {
  const { width: w, height: h, random } = frame
  const trunk = (i: number) =>
    `<rect x="${w * (0.03 + i * 0.11)}" y="0" width="${w * (0.018 + random() * 0.02)}" height="${h}" fill="hsl(22 25% ${14 + random() * 12}%)"/>`
  const leaf = () =>
    `<ellipse cx="${random() * w}" cy="${random() * h}" rx="${10 + random() * 26}" ry="${7 + random() * 14}" fill="hsl(${12 + random() * 38} 82% ${38 + random() * 22}%)" opacity="0.85"/>`
  return `${backdrop(
    'wood',
    [
      [0, '#f2d8a0'],
      [0.6, '#d79a4b'],
      [1, '#7c4a21'],
    ],
    frame,
  )}
    ${glow(w * 0.62, h * 0.3, w * 0.4, '#fff2c4')}${repeat(9, trunk)}${repeat(420, leaf)}`
}

export const kites: Scene = (frame) => {
  const { width: w, height: h } = frame
  const colours = ['#d7263d', '#2f9e6e', '#f4b41a', '#7b4fbf', '#1b8fc6', '#ef6f3c']
  const kite = (i: number) => {
    const [x, y, s] = [w * (0.14 + i * 0.145), h * (0.16 + ((i * 37) % 34) / 100), w * 0.045]
    return `<path d="M${x} ${y + s * 1.4} Q ${x - s} ${h * 0.6} ${w * 0.5} ${h * 0.86}" stroke="#fff" stroke-width="3" fill="none" opacity="0.7"/>
      <polygon points="${x},${y - s} ${x + s * 0.75},${y} ${x},${y + s * 1.4} ${x - s * 0.75},${y}" fill="${colours[i]}"/>
      <path d="M${x} ${y - s} V ${y + s * 1.4} M${x - s * 0.75} ${y} H ${x + s * 0.75}" stroke="#00000055" stroke-width="4"/>`
  }
  return `${backdrop(
    'breeze',
    [
      [0, '#3f9be0'],
      [0.7, '#cbe8f7'],
      [1, '#e8f4ee'],
    ],
    frame,
  )}${repeat(6, kite)}
    ${ridge(frame, 0.82, 0.04, '#7fb069')}${ridge(frame, 0.9, 0.03, '#5d9150')}`
}

export const lakeAtSunset: Scene = (frame) => {
  const { width: w, height: h, random } = frame
  const ripple = () => {
    const y = h * (0.58 + random() * 0.4)
    return `<rect x="${w * (0.3 + random() * 0.4) - 60}" y="${y}" width="${60 + random() * 180}" height="5" rx="3" fill="#ffd9a0" opacity="0.6"/>`
  }
  return `${backdrop(
    'sunset',
    [
      [0, '#40346e'],
      [0.35, '#c2577a'],
      [0.55, '#fbb66b'],
      [0.56, '#8a4f6d'],
      [1, '#2a2450'],
    ],
    frame,
  )}
    ${glow(w * 0.5, h * 0.5, w * 0.22, '#ffe2a3')}<circle cx="${w * 0.5}" cy="${h * 0.5}" r="${w * 0.045}" fill="#fff3cf"/>
    <polygon points="0,${h * 0.56} ${w * 0.2},${h * 0.44} ${w * 0.42},${h * 0.56}" fill="#33284f"/>
    <polygon points="${w * 0.6},${h * 0.56} ${w * 0.83},${h * 0.41} ${w},${h * 0.53} ${w},${h * 0.56}" fill="#2c2347"/>${repeat(70, ripple)}`
}

export const cat: Scene = (frame) => {
  const { width: w, height: h } = frame
  const [x, y, r] = [w * 0.5, h * 0.5, Math.min(w, h) * 0.24]
  const ear = (side: 1 | -1) =>
    `<polygon points="${x + side * r * 0.92},${y - r * 0.35} ${x + side * r * 0.75},${y - r * 1.35} ${x + side * r * 0.12},${y - r * 0.85}" fill="#c98a4b"/>`
  const eye = (
    side: 1 | -1,
  ) => `<ellipse cx="${x + side * r * 0.42}" cy="${y - r * 0.1}" rx="${r * 0.17}" ry="${r * 0.2}" fill="#9fd06b"/>
    <ellipse cx="${x + side * r * 0.42}" cy="${y - r * 0.1}" rx="${r * 0.05}" ry="${r * 0.18}" fill="#1d1a17"/>`
  const whiskers = (side: 1 | -1) =>
    repeat(
      3,
      (i) =>
        `<path d="M${x + side * r * 0.25} ${y + r * (0.32 + i * 0.08)} l ${side * r * 0.95} ${r * (i - 1) * 0.16}" stroke="#fff8ec" stroke-width="5"/>`,
    )
  return `${backdrop(
    'sofa',
    [
      [0, '#32505a'],
      [0.6, '#47707a'],
      [1, '#274149'],
    ],
    frame,
  )}
    <ellipse cx="${x}" cy="${y + r * 1.9}" rx="${r * 1.25}" ry="${r * 1.4}" fill="#b87a3f"/>${ear(1)}${ear(-1)}
    <ellipse cx="${x}" cy="${y}" rx="${r}" ry="${r * 0.9}" fill="#d79a5b"/>
    ${repeat(3, (i) => `<path d="M${x + (i - 1) * r * 0.25} ${y - r * 0.85} v ${r * 0.34}" stroke="#8d5727" stroke-width="${r * 0.09}"/>`)}
    ${eye(1)}${eye(-1)}<polygon points="${x - r * 0.1},${y + r * 0.22} ${x + r * 0.1},${y + r * 0.22} ${x},${y + r * 0.34}" fill="#e38b8b"/>${whiskers(1)}${whiskers(-1)}`
}

export const cityByNight: Scene = (frame) => {
  const { width: w, height: h, random } = frame
  const house = (i: number) => {
    const [x, width, top] = [w * i * 0.085 - 20, w * 0.08, h * (0.3 + random() * 0.35)]
    const lit = repeat(24, (j) =>
      random() > 0.45
        ? `<rect x="${x + 20 + (j % 4) * width * 0.22}" y="${top + 30 + Math.floor(j / 4) * h * 0.07}" width="${width * 0.12}" height="${h * 0.035}" fill="#ffd67e"/>`
        : '',
    )
    return `<rect x="${x}" y="${top}" width="${width}" height="${h}" fill="hsl(230 24% ${10 + random() * 10}%)"/>${lit}`
  }
  return `${backdrop(
    'night',
    [
      [0, '#0b1030'],
      [0.7, '#3a3566'],
      [1, '#6d4a6f'],
    ],
    frame,
  )}
    ${glow(w * 0.78, h * 0.18, w * 0.14, '#fff7d6')}<circle cx="${w * 0.78}" cy="${h * 0.18}" r="${w * 0.03}" fill="#fffbe8"/>${repeat(12, house)}`
}

export const picnic: Scene = (frame) => {
  const { width: w, height: h, random } = frame
  const square = (i: number) =>
    `<rect x="${w * (0.22 + (i % 8) * 0.07)}" y="${h * (0.5 + Math.floor(i / 8) * 0.07)}" width="${w * 0.07}" height="${h * 0.07}" fill="${(i + Math.floor(i / 8)) % 2 ? '#fff7ef' : '#d23b3b'}"/>`
  const apple = (
    i: number,
  ) => `<circle cx="${w * (0.42 + i * 0.06)}" cy="${h * (0.6 + (i % 2) * 0.05)}" r="${w * 0.032}" fill="hsl(${i * 32} 70% 48%)"/>
    <path d="M${w * (0.42 + i * 0.06)} ${h * (0.56 + (i % 2) * 0.05)} q 10 -30 26 -34" stroke="#4d3520" stroke-width="7" fill="none"/>`
  return `${backdrop(
    'meadow',
    [
      [0, '#a6d8f2'],
      [0.35, '#e9f5e4'],
      [0.36, '#8fbf68'],
      [1, '#4f8a3c'],
    ],
    frame,
  )}
    ${repeat(240, () => `<path d="M${random() * w} ${h * (0.4 + random() * 0.6)} q 6 -30 14 -44" stroke="#3f7a31" stroke-width="4" fill="none" opacity="0.7"/>`)}
    ${repeat(40, square)}${repeat(4, apple)}`
}
