CREATE TABLE "quarterdeck"."model_calls" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "quarterdeck"."model_calls_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone NOT NULL,
	"model" text NOT NULL,
	"purpose" text NOT NULL,
	"request_id" text,
	"operation_id" text,
	"input_tokens" integer NOT NULL,
	"output_tokens" integer NOT NULL,
	"cost_usd" double precision,
	"took_ms" integer NOT NULL,
	"outcome" text NOT NULL
);
--> statement-breakpoint
CREATE INDEX "model_calls_at_index" ON "quarterdeck"."model_calls" USING btree ("at");--> statement-breakpoint
CREATE INDEX "model_calls_request_id_index" ON "quarterdeck"."model_calls" USING btree ("request_id");