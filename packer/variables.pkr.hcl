# What is baked

variable "project" {
  type        = string
  description = "Tag Project, and the first part of the image's name."
}

variable "environment" {
  type        = string
  description = "Tag Environment: the environment that the image is made for."
}

variable "release_archive" {
  type        = string
  description = "Absolute path of the release's archive on this machine."
}

variable "release_digest" {
  type        = string
  description = "SHA-256 of the archive."
}

variable "commit" {
  type        = string
  description = "Commit that the release was built from."
}

variable "image_digest" {
  type        = string
  description = "Digest of all that decides what is in the image; its first 12 characters end the image's name."
}

variable "family" {
  type        = string
  description = "Operating system: al2023 or debian12."
  default     = "al2023"
}

variable "arch" {
  type        = string
  description = "Processor: x86_64 or arm64. The release must be for it."
  default     = "x86_64"
}

# Where it starts from

variable "al2023_release" {
  type        = string
  description = "Release of Amazon Linux 2023: pinned, so that the same sources make the same image next month."
  default     = "2023.9.20251208.0"
}

variable "debian12_release" {
  type        = string
  description = "Release of Debian's own image: pinned for the same reason."
  default     = "20251112-2294"
}

variable "source_ami" {
  type        = string
  description = "Id of the image to start from, instead of the pinned release. AWS hides a release from its listings some months after it came; its id still works."
  default     = ""
}

# Where it is baked

variable "region" {
  type        = string
  description = "Region of the image."
}

variable "instance_type" {
  type        = string
  description = "Type of the machine that bakes. Default: t3.small, t4g.small for arm64; about $0.005 a bake."
  default     = ""
}

variable "vpc_id" {
  type        = string
  description = "Network to bake in. Default: the region's default VPC."
  default     = ""
}

variable "subnet_id" {
  type        = string
  description = "Subnet to bake in; it needs a way to the internet. Default: one of the network."
  default     = ""
}

variable "bake_proxy" {
  type        = string
  description = "URL of the proxy through which the machine that bakes reaches its packages. The image does not keep it. Default: none."
  default     = ""
}

variable "kms_key_id" {
  type        = string
  description = "Key that encrypts the image. Default: AWS's own key for EBS, which other accounts cannot use."
  default     = ""
}

variable "volume_size" {
  type        = number
  description = "Size of the root volume in GiB."
  default     = 8
}

variable "manifest" {
  type        = string
  description = "File that gets the image's id."
  default     = ".webstead/packer-manifest.json"
}

# How it is reached

variable "ssh_source_cidrs" {
  type        = list(string)
  description = "Who may reach port 22 of the machine that bakes Debian, e.g. your own address. Amazon Linux is reached through Session Manager and opens no port. Default: nobody."
  default     = ["127.0.0.1/32"]
}

variable "iam_instance_profile" {
  type        = string
  description = "Instance profile that allows Session Manager on the machine that bakes. Default: a temporary one of five actions."
  default     = ""
}

# A bake without AWS: a container takes the instance's place

variable "stand_in" {
  type        = bool
  description = "Whether the machine is a container without internet."
  default     = false
}

variable "custom_endpoint_ec2" {
  type        = string
  description = "Address of another EC2 API."
  default     = ""
}

variable "ssh_host" {
  type        = string
  description = "Address of the container."
  default     = ""
}

variable "ssh_port" {
  type        = number
  description = "Port of its SSH daemon."
  default     = 22
}

variable "ssh_username" {
  type        = string
  description = "Login that becomes root by sudo. Default: the one of the family."
  default     = ""
}

variable "ssh_private_key_file" {
  type        = string
  description = "Key of the container. Default: a temporary key pair."
  default     = ""
}
