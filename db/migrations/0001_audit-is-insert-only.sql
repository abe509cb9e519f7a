CREATE FUNCTION quarterdeck.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'quarterdeck.% is insert-only: % is refused', TG_TABLE_NAME, TG_OP;
END
$$;
--> statement-breakpoint
CREATE TRIGGER audit_is_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quarterdeck.audit
  FOR EACH STATEMENT EXECUTE FUNCTION quarterdeck.refuse_change();
--> statement-breakpoint
CREATE TRIGGER audit_seals_is_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quarterdeck.audit_seals
  FOR EACH STATEMENT EXECUTE FUNCTION quarterdeck.refuse_change();
