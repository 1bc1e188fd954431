/** Columns of an operator's action under the names of its fields. */
export const ACTION_COLUMNS = `seq, id, batch, at, operator, approved_by AS "approvedBy", what, target, detail, reason, state_before AS before, state_after AS after`;
