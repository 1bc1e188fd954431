-- Which house these books are: the same in every copy of them, and no other house has it. Backups, tail and archive carry it.
-- A start of the server puts it in; a week of archived rows has none.
CREATE TABLE house (
  one integer PRIMARY KEY NOT NULL CHECK (one = 1),
  id text NOT NULL CHECK (length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*')
) STRICT;

CREATE TRIGGER house_is_never_another BEFORE UPDATE ON house
BEGIN
  SELECT RAISE(ABORT, 'a house keeps its id');
END;
CREATE TRIGGER house_is_kept BEFORE DELETE ON house
BEGIN
  SELECT RAISE(ABORT, 'a house keeps its id');
END;
