import createBooks from '../../migrations/20261123150000_create_books.sql' with { type: 'text' };
import addOperatorActions from '../../migrations/20261123170000_add_operator_actions.sql' with {
  type: 'text',
};
import createArchive from '../../migrations/20261123180000_create_archive.sql' with { type: 'text' };
import indexTail from '../../migrations/20261127040000_index_what_the_tail_reads.sql' with { type: 'text' };
import addRule from '../../migrations/20261130000000_add_rule_of_bets.sql' with { type: 'text' };
import indexGrants from '../../migrations/20261130001500_index_grants.sql' with { type: 'text' };
import addOwnLimits from '../../migrations/20261130002000_add_own_limits.sql' with { type: 'text' };
import publishTerms from '../../migrations/20261130010000_let_actions_publish_terms.sql' with {
  type: 'text',
};
import keepRefusals from '../../migrations/20261201000000_keep_refusals.sql' with { type: 'text' };
import nameHouse from '../../migrations/20261201060000_name_the_house.sql' with { type: 'text' };
import restrict from '../../migrations/20261201090000_let_operators_restrict_announce_and_ask.sql' with {
  type: 'text',
};
import keepShadow from '../../migrations/20261202000000_keep_the_shadow_book.sql' with { type: 'text' };
import severalBets from '../../migrations/20261204090000_let_a_cell_take_several_bets.sql' with {
  type: 'text',
};
import keepCalendar from '../../migrations/20261203000000_keep_a_calendar_of_news.sql' with { type: 'text' };
import giveBoards from '../../migrations/20261204030000_let_the_shadow_book_have_boards.sql' with {
  type: 'text',
};
import letChooseNames from '../../migrations/20261204120000_let_traders_choose_names.sql' with {
  type: 'text',
};

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * Every migration in the order in which it is applied. They are imported by name so that a compiled
 * executable carries them.
 */
export const MIGRATIONS: readonly Migration[] = [
  { name: '20261123150000_create_books', sql: createBooks },
  { name: '20261123170000_add_operator_actions', sql: addOperatorActions },
  { name: '20261123180000_create_archive', sql: createArchive },
  { name: '20261127040000_index_what_the_tail_reads', sql: indexTail },
  { name: '20261130000000_add_rule_of_bets', sql: addRule },
  { name: '20261130001500_index_grants', sql: indexGrants },
  { name: '20261130002000_add_own_limits', sql: addOwnLimits },
  { name: '20261130010000_let_actions_publish_terms', sql: publishTerms },
  { name: '20261201000000_keep_refusals', sql: keepRefusals },
  { name: '20261201060000_name_the_house', sql: nameHouse },
  { name: '20261201090000_let_operators_restrict_announce_and_ask', sql: restrict },
  { name: '20261202000000_keep_the_shadow_book', sql: keepShadow },
  { name: '20261203000000_keep_a_calendar_of_news', sql: keepCalendar },
  { name: '20261204030000_let_the_shadow_book_have_boards', sql: giveBoards },
  { name: '20261204090000_let_a_cell_take_several_bets', sql: severalBets },
  { name: '20261204120000_let_traders_choose_names', sql: letChooseNames },
];
