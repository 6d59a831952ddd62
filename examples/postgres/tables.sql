CREATE TABLE tasks (
  id uuid PRIMARY KEY,
  board_id text NOT NULL,
  title text NOT NULL,
  is_done boolean NOT NULL DEFAULT false
);
