DROP INDEX "quarterdeck"."deliveries_due_index";--> statement-breakpoint
ALTER TABLE "quarterdeck"."deliveries" ADD COLUMN "refused_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "quarterdeck"."deliveries" ADD COLUMN "given_up_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "deliveries_refused_index" ON "quarterdeck"."deliveries" USING btree ("surface") WHERE refused_since is not null;--> statement-breakpoint
CREATE INDEX "deliveries_due_index" ON "quarterdeck"."deliveries" USING btree ("surface","next_at") WHERE revision > sent_revision and given_up_at is null;