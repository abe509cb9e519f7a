ALTER TABLE "quarterdeck"."deliveries" ADD COLUMN "sends" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "quarterdeck"."deliveries" ADD COLUMN "sent_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "quarterdeck"."deliveries" ADD COLUMN "failures" integer DEFAULT 0 NOT NULL;