-- Where a node keeps its run directories on its host. Empty: not known.
ALTER TABLE nodes ADD COLUMN home text NOT NULL DEFAULT '';

-- Somebody asked a node that is not the run's to end it; true: the caller who waited for it has
-- hung up. Null: nobody did. The run's node looks for it.
ALTER TABLE runs ADD COLUMN cancel_by_client boolean;
