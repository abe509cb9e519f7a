CREATE SCHEMA IF NOT EXISTS "quarterdeck";
--> statement-breakpoint
CREATE TABLE "quarterdeck"."accounts" (
	"surface" text NOT NULL,
	"account_id" text NOT NULL,
	"person_id" text NOT NULL,
	"source" text NOT NULL,
	"linked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_surface_account_id_pk" PRIMARY KEY("surface","account_id")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."approvals" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "quarterdeck"."approvals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"operation_id" text NOT NULL,
	"plan_hash" text NOT NULL,
	"person_id" text NOT NULL,
	"surface" text NOT NULL,
	"account_id" text NOT NULL,
	"decision" text NOT NULL,
	"role" text,
	"on_behalf_of" text,
	"reason" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"voided_at" timestamp (3) with time zone,
	"voided_because" text,
	CONSTRAINT "approvals_operation_id_plan_hash_person_id_unique" UNIQUE("operation_id","plan_hash","person_id")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."audit_seals" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"audit_id" bigint NOT NULL,
	"previous_hash" text NOT NULL,
	"hash" text NOT NULL,
	"sealed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_seals_audit_id_unique" UNIQUE("audit_id")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."audit" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "quarterdeck"."audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"kind" text NOT NULL,
	"operation_id" text,
	"request_id" text,
	"says" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."codes" (
	"hash" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"person_id" text,
	"surface" text,
	"account_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."delegations" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "quarterdeck"."delegations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"from_person" text NOT NULL,
	"to_person" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"operation_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "delegations_operation_id_unique" UNIQUE("operation_id")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"surface" text NOT NULL,
	"thread_id" text NOT NULL,
	"key" text NOT NULL,
	"card" jsonb NOT NULL,
	"revision" integer DEFAULT 1 NOT NULL,
	"sent_revision" integer DEFAULT 0 NOT NULL,
	"ref" text,
	"only_person" text,
	"final" boolean DEFAULT false NOT NULL,
	"request_id" text,
	"operation_id" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_error" text,
	"lease_owner" text,
	"lease_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "deliveries_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."grants" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "quarterdeck"."grants_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"person_id" text NOT NULL,
	"role" text NOT NULL,
	"environments" text[] NOT NULL,
	"teams" text[] NOT NULL,
	"source" text NOT NULL,
	"granted_by" text,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."incoming" (
	"surface" text NOT NULL,
	"key" text NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "incoming_surface_key_pk" PRIMARY KEY("surface","key")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."learned_services" (
	"name" text NOT NULL,
	"environment" text NOT NULL,
	"namespace" text NOT NULL,
	"workload" text NOT NULL,
	"repository" text,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "learned_services_name_environment_pk" PRIMARY KEY("name","environment")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."locks" (
	"service" text NOT NULL,
	"environment" text NOT NULL,
	"person_id" text NOT NULL,
	"reason" text,
	"since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"until" timestamp (3) with time zone,
	"operation_id" text NOT NULL,
	CONSTRAINT "locks_service_environment_pk" PRIMARY KEY("service","environment")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."meta" (
	"key" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."operations" (
	"id" text PRIMARY KEY NOT NULL,
	"request_id" text NOT NULL,
	"thread_id" text NOT NULL,
	"person_id" text NOT NULL,
	"said" text NOT NULL,
	"read_by" text NOT NULL,
	"confidence" real NOT NULL,
	"dry_run" boolean DEFAULT false NOT NULL,
	"skill" text NOT NULL,
	"skill_version" integer NOT NULL,
	"state" text NOT NULL,
	"plan" jsonb,
	"plan_hash" text,
	"plan_revision" integer DEFAULT 0 NOT NULL,
	"policy_version" text,
	"gate" jsonb,
	"service" text,
	"environment" text,
	"says" text,
	"progress" jsonb,
	"outcome" jsonb,
	"fence" bigint DEFAULT 0 NOT NULL,
	"lease_owner" text,
	"lease_until" timestamp (3) with time zone,
	"wake_at" timestamp (3) with time zone,
	"cancel_by" text,
	"cancel_at" timestamp (3) with time zone,
	"undoes" text,
	"undone_by" text,
	"break_glass" jsonb,
	"expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"approved_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."outbox" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "quarterdeck"."outbox_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"operation_id" text,
	"payload" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"dispatched_at" timestamp (3) with time zone,
	"done_at" timestamp (3) with time zone,
	"attempts" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."people" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text,
	"timezone" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"source" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."requests" (
	"id" text PRIMARY KEY NOT NULL,
	"surface" text NOT NULL,
	"thread_id" text NOT NULL,
	"person_id" text,
	"text" text NOT NULL,
	"key" text NOT NULL,
	"interpretation" jsonb,
	"outcome" text,
	"operation_id" text,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"answered_at" timestamp (3) with time zone,
	CONSTRAINT "requests_surface_key_unique" UNIQUE("surface","key")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."steps" (
	"operation_id" text NOT NULL,
	"phase" text NOT NULL,
	"name" text NOT NULL,
	"ordinal" integer NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"detail" jsonb,
	"result" jsonb,
	"error" text,
	"fence" bigint NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "steps_operation_id_phase_name_pk" PRIMARY KEY("operation_id","phase","name")
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."switches" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL,
	"person_id" text,
	"reason" text,
	"since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"operation_id" text
);
--> statement-breakpoint
CREATE TABLE "quarterdeck"."threads" (
	"id" text PRIMARY KEY NOT NULL,
	"surface" text NOT NULL,
	"surface_key" text NOT NULL,
	"title" text,
	"opened_by" text,
	"context" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "threads_surface_surface_key_unique" UNIQUE("surface","surface_key")
);
--> statement-breakpoint
ALTER TABLE "quarterdeck"."accounts" ADD CONSTRAINT "accounts_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "quarterdeck"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarterdeck"."approvals" ADD CONSTRAINT "approvals_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "quarterdeck"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarterdeck"."grants" ADD CONSTRAINT "grants_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "quarterdeck"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarterdeck"."requests" ADD CONSTRAINT "requests_thread_id_threads_id_fk" FOREIGN KEY ("thread_id") REFERENCES "quarterdeck"."threads"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quarterdeck"."steps" ADD CONSTRAINT "steps_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "quarterdeck"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "accounts_person_id_index" ON "quarterdeck"."accounts" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "audit_operation_id_index" ON "quarterdeck"."audit" USING btree ("operation_id");--> statement-breakpoint
CREATE INDEX "audit_at_index" ON "quarterdeck"."audit" USING btree ("at");--> statement-breakpoint
CREATE INDEX "delegations_until_index" ON "quarterdeck"."delegations" USING btree ("until");--> statement-breakpoint
CREATE INDEX "deliveries_due_index" ON "quarterdeck"."deliveries" USING btree ("surface","next_at") WHERE revision > sent_revision;--> statement-breakpoint
CREATE INDEX "deliveries_thread_id_created_at_index" ON "quarterdeck"."deliveries" USING btree ("thread_id","created_at");--> statement-breakpoint
CREATE INDEX "deliveries_operation_id_index" ON "quarterdeck"."deliveries" USING btree ("operation_id");--> statement-breakpoint
CREATE INDEX "grants_person_id_index" ON "quarterdeck"."grants" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "incoming_at_index" ON "quarterdeck"."incoming" USING btree ("at");--> statement-breakpoint
CREATE INDEX "operations_open_index" ON "quarterdeck"."operations" USING btree ("state","wake_at") WHERE finished_at is null;--> statement-breakpoint
CREATE INDEX "operations_created_at_index" ON "quarterdeck"."operations" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "operations_service_environment_created_at_index" ON "quarterdeck"."operations" USING btree ("service","environment","created_at");--> statement-breakpoint
CREATE INDEX "operations_thread_id_index" ON "quarterdeck"."operations" USING btree ("thread_id");--> statement-breakpoint
CREATE INDEX "outbox_new_index" ON "quarterdeck"."outbox" USING btree ("id") WHERE dispatched_at is null and done_at is null;--> statement-breakpoint
CREATE INDEX "outbox_undone_index" ON "quarterdeck"."outbox" USING btree ("due_at") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "outbox_operation_index" ON "quarterdeck"."outbox" USING btree ("operation_id") WHERE done_at is null;--> statement-breakpoint
CREATE INDEX "outbox_done_index" ON "quarterdeck"."outbox" USING btree ("done_at") WHERE done_at is not null;--> statement-breakpoint
CREATE INDEX "requests_thread_id_received_at_index" ON "quarterdeck"."requests" USING btree ("thread_id","received_at");--> statement-breakpoint
CREATE INDEX "threads_surface_updated_at_index" ON "quarterdeck"."threads" USING btree ("surface","updated_at");