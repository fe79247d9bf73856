import { currentLanguage } from '../language-switch';

export function formatCount(count: number): string {
  return new Intl.NumberFormat(currentLanguage()).format(count);
}

export function formatScore(score: number): string {
  const options = { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' } as const;
  return new Intl.NumberFormat(currentLanguage(), options).format(score);
}

export function formatTime(iso: string): string {
  return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}
