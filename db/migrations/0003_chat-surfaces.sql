CREATE TABLE "quarterdeck"."audiences" (
	"operation_id" text NOT NULL,
	"thread_id" text NOT NULL,
	CONSTRAINT "audiences_operation_id_thread_id_pk" PRIMARY KEY("operation_id","thread_id")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."sender_leases" (
	"place" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."severed_accounts" (
	"surface" text NOT NULL,
	"account_id" text NOT NULL,
	"person_id" text NOT NULL,
	"by" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "severed_accounts_surface_account_id_pk" PRIMARY KEY("surface","account_id")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."slack_installations" (
	"team_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"bot_user_id" text NOT NULL,
	"sealed" text NOT NULL,
	"installed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."subscriptions" (
	"id" text PRIMARY KEY NOT NULL,
	"surface" text NOT NULL,
	"channel_key" text NOT NULL,
	"service" text,
	"environment" text,
	"source" text NOT NULL,
	"created_by" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."teams_conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"kind" text NOT NULL,
	"account_id" text,
	"reference" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "quarterdeck"."audiences" ADD CONSTRAINT "audiences_thread_id_threads_id_fk" FOREIGN KEY ("thread_id") REFERENCES "quarterdeck"."threads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audiences_thread_id_index" ON "quarterdeck"."audiences" USING btree ("thread_id");--> statement-breakpoint
CREATE INDEX "subscriptions_surface_channel_key_index" ON "quarterdeck"."subscriptions" USING btree ("surface","channel_key");--> statement-breakpoint
CREATE INDEX "teams_conversations_account_id_index" ON "quarterdeck"."teams_conversations" USING btree ("account_id");