/** Names in the locale that AppSync formats with: English of the United States. */
export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** From Monday, as java.time numbers them. */
export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

export const halves = ['AM', 'PM'] as const;

/** Before and after the year 1, by the letter's count. */
export const eras: Readonly<Record<'short' | 'full' | 'narrow', readonly [string, string]>> = Object.freeze({
  short: ['BC', 'AD'],
  full: ['Before Christ', 'Anno Domini'],
  narrow: ['B', 'A'],
});

const ordinals = ['1st', '2nd', '3rd', '4th'] as const;

/** How java.time names a quarter, a month or a weekday for a letter's count: 3 is short, 4 full, 5 narrow. */
export function namesOf(letter: string, count: number): readonly string[] {
  const style = count === 4 ? 'full' : count === 5 ? 'narrow' : 'short';
  switch (letter) {
    case 'M':
    case 'L':
      return months.map((name) => abbreviate(name, style));
    case 'Q':
    case 'q':
      return ordinals.map((ordinal, index) =>
        style === 'full' ? `${ordinal} quarter` : `${style === 'short' ? 'Q' : ''}${index + 1}`,
      );
    case 'a':
      return halves;
    case 'G':
      return eras[style];
    default:
      return weekdays.map((name) => abbreviate(name, style));
  }
}

function abbreviate(name: string, style: 'short' | 'full' | 'narrow'): string {
  return style === 'full' ? name : name.slice(0, style === 'short' ? 3 : 1);
}
