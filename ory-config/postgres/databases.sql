-- A database and a role for each service: none reads another's.
-- psql takes the passwords from the environment, so that they stand in no file and in no process list.
\getenv kratos_password KRATOS_DATABASE_PASSWORD
\getenv keto_password KETO_DATABASE_PASSWORD
\getenv hydra_password HYDRA_DATABASE_PASSWORD

CREATE ROLE kratos LOGIN PASSWORD :'kratos_password';
CREATE ROLE keto LOGIN PASSWORD :'keto_password';
CREATE ROLE hydra LOGIN PASSWORD :'hydra_password';

CREATE DATABASE kratos OWNER kratos;
CREATE DATABASE keto OWNER keto;
CREATE DATABASE hydra OWNER hydra;

REVOKE CONNECT ON DATABASE kratos, keto, hydra FROM PUBLIC;
