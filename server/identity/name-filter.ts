import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity';
import { isReserved, skeletonOf } from '../game/trader-name.ts';

/**
 * Which names may be shown to strangers: none that could speak for the house, none that contains an obscene
 * word, also with digits for letters or with dashes in it.
 * @param reserved words of the operator's. @returns a test for names of the form that `readName` gives.
 */
export function fitToShow(reserved: readonly string[]): (name: string) => boolean {
  const matcher = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
  const skeletons = reserved.map(skeletonOf);
  return (name) => {
    const skeleton = skeletonOf(name);
    return (
      !isReserved(name) &&
      !skeletons.some((word) => skeleton.includes(word)) &&
      ![name, name.replace(/[-_]/g, ''), name.replace(/[-_]/g, ' ')].some((text) => matcher.hasMatch(text))
    );
  };
}
